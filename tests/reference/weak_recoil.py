"""Weak rates n <-> p with nucleons of finite mass, without an expansion in 1/m_N.

    n_n Gamma = int prod d^3p/(2E (2 pi)^3) (2 pi)^4 delta^4 |M|^2 f_n f_nu f_e

(arXiv:1801.08023, App. B; outgoing leptons carry 1 - f) with exact kinematics, exact |M|^2 (linear
in weak magnetism) and Maxwell-Juettner nucleons, by Gauss rules: over three components of the
initial nucleon's momentum, that of e+- and the angle between the leptons; the neutrino's energy
follows from energy conservation. Rates in units of K over the Born rates, and their first order in
1/m_N by extrapolation from heavier nucleons, go to weak_recoil.csv; tests/test_weak_rates.c
compares them with the expansion in src/weak_rates.c. Needs numpy.

    python3 weak_recoil.py           writes the table (4 min)
    python3 weak_recoil.py check     prints checks: |M|^2 against explicit gamma matrices, decay,
                                     detailed balance, and how the difference to the expansion falls
                                     with the nucleon mass (2 min)
"""
import sys
from pathlib import Path

import numpy as np

M_E, M_N, M_P = 0.51099895069, 939.56542194, 938.27208943  # [MeV], as in constants.h
DELTA, M_BAR = M_N - M_P, (M_N + M_P) / 2
G_A, F_WM = 1.2754, 0.5 * (1.79284734463 + 1.91304276)
UNIT = 1 + 3 * G_A**2
TEMPERATURES = (0.1, 0.3, 0.7, 1.0, 2.0, 5.0)
COOLER = (1.0, 1.2)  # T/T_nu
DISTORTION = 0.5  # of neutrinos that are not thermal

N_TO_P, P_TO_N = 1, -1
FINE, COARSE = (24, 12, 10), (18, 8, 8)  # nodes in momentum (a panel), cosine, nucleon's momentum


def masses(scale):
    """Of neutron and proton, their mean scaled and their difference kept."""
    return scale * M_BAR + DELTA / 2, scale * M_BAR - DELTA / 2


# ---- |M|^2 --------------------------------------------------------------------------------------


def dot(a, b):
    return a[0] * b[0] - a[1] * b[1] - a[2] * b[2] - a[3] * b[3]


def matrix_element(n, p, nu, e, m_n, m_p, f_wm):
    """|M|^2/(2^7 G_F^2), spins summed, linear in f_wm; the same in all six reactions. The paper has
    the terms of f_wm without g_A, which are of second order in 1/m_N, with the other sign; traces
    (below) and the formula of Llewellyn Smith (Phys. Rept. 3 (1972) 261) have this one."""
    m_N = (m_n + m_p) / 2
    n_nu, p_e, n_e, p_nu, nu_e = dot(n, nu), dot(p, e), dot(n, e), dot(p, nu), dot(nu, e)
    LL, RR, LR = n_nu * p_e, n_e * p_nu, m_p * m_n * nu_e
    magnetism = G_A * m_N * (LL - RR) + 0.5 * (
        m_N * (LL + RR - LR + dot(n, p) * nu_e) - m_p * n_e * n_nu - m_n * p_e * p_nu)
    return ((1 + G_A)**2 * LL + (1 - G_A)**2 * RR + (G_A**2 - 1) * LR) / 4 + f_wm / m_N * magnetism


def gamma_matrices():
    sigma = np.array([[[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]]], complex)
    zero, one = np.zeros((2, 2)), np.eye(2)
    gamma = [np.block([[one, zero], [zero, -one]]).astype(complex)]
    gamma += [np.block([[zero, s], [-s, zero]]) for s in sigma]
    return gamma, np.block([[zero, one], [one, zero]]).astype(complex)


def trace_matrix_element(n, p, nu, e, m_n, m_p, f_wm):
    """The same from traces of G_F/sqrt2 [p-bar (gamma^mu (1 - g_A gamma5) + i f_wm/m_N
    sigma^(mu rho) q_rho) n] [e-bar gamma_mu (1 - gamma5) nu], q = p - n."""
    gamma, gamma5 = gamma_matrices()
    metric, one, q = (1, -1, -1, -1), np.eye(4), p - n

    def slash(a):
        return sum(g * x * s for g, x, s in zip(gamma, a, metric))

    def bar(vertex):
        return gamma[0] @ vertex.conj().T @ gamma[0]

    vector = [g @ (one - G_A * gamma5) for g in gamma]
    magnetic = [1j / ((m_n + m_p) / 2) * 0.5j * (g @ slash(q) - slash(q) @ g) for g in gamma]
    left = [g @ (one - gamma5) for g in gamma]

    def hadrons(a, b):
        return np.trace((slash(p) + m_p * one) @ a @ (slash(n) + m_n * one) @ bar(b))

    total = 0.0
    for mu in range(4):
        for ro in range(4):
            leptons = np.trace(slash(e) @ left[mu] @ slash(nu) @ bar(left[ro]))
            total += metric[mu] * metric[ro] * leptons * (
                hadrons(vector[mu], vector[ro]) + f_wm *
                (hadrons(magnetic[mu], vector[ro]) + hadrons(vector[mu], magnetic[ro])))
    return total.real / 2 / 2**7


# ---- exact rates --------------------------------------------------------------------------------


def fermi(x):
    return 0.5 * (1 - np.tanh(0.5 * x))


class Neutrinos:
    """ln[f/(1-f)] = -z [1 + distortion/(1 + z^2/4)], z = x/T: odd, so that f(-x) = 1 - f(x)."""

    def __init__(self, T, distortion=0.0):
        self.T, self.distortion = T, distortion

    def occupation(self, x):
        z = x / self.T
        return fermi(z * (1 + self.distortion / (1 + z**2 / 4)))

    def derivatives(self, x):
        """f and its first two derivatives."""
        z, q, f = x / self.T, (x / self.T)**2 / 4, self.occupation(x)
        slope = 1 + self.distortion * (1 - q) / (1 + q)**2
        curvature = -self.distortion * z / 2 * (3 - q) / (1 + q)**3
        return (f, -f * (1 - f) * slope / self.T,
                f * (1 - f) * ((1 - 2 * f) * slope**2 - curvature) / self.T**2)


def panels(ends, nodes):
    x, w = np.polynomial.legendre.leggauss(nodes)
    low, high = np.array(ends[:-1])[:, None], np.array(ends[1:])[:, None]
    return (low + (high - low) * (x + 1) / 2).ravel(), ((high - low) / 2 * w).ravel()


def electron_momenta(T, nodes):
    gap = np.sqrt(DELTA**2 - M_E**2)
    return panels([0, gap] + [gap + T * x for x in (2, 5, 10, 16, 24, 34, 50)], nodes)


def scatter(initial, lepton, m_i, m_f, direction, f_wm):
    """Signed incoming neutrino k = x (1, z) with (initial - lepton + k)^2 = m_f^2: x, and |M|^2
    over E_i times the Jacobian 2 |P0 - P.z| of the delta function, P = initial - lepton."""
    P = [a - b for a, b in zip(initial, lepton)]
    jacobian = 2 * (P[0] - P[3])
    x = (m_f**2 - dot(P, P)) / jacobian
    neutrino = [x, 0.0, 0.0, x]
    final = [a + b for a, b in zip(P, neutrino)]
    if direction == N_TO_P:
        M2 = matrix_element(initial, final, neutrino, lepton, m_i, m_f, f_wm)
    else:
        M2 = matrix_element(final, initial, neutrino, lepton, m_f, m_i, f_wm)
    return x, 4 / UNIT * M2 / (initial[0] * jacobian)


def exact(T, neutrinos, direction, f_wm, scale=1.0, nodes=FINE):
    """Rate over K [MeV^5]."""
    m_i, m_f = masses(scale)[::direction]
    p, w_p = electron_momenta(T, nodes[0])
    cosine, w_cos = panels([-1, 1], nodes[1])
    u, w_u = np.polynomial.hermite_e.hermegauss(nodes[2])
    half, w_half = u[u > 0], w_u[u > 0]  # either side of the plane of the leptons
    w_nucleon = w_u[:, None, None] * w_half[:, None] * w_u
    p, cosine, ux, uy, uz = np.meshgrid(p, cosine, u, half, u, indexing="ij", sparse=True)
    sine, E, momentum = np.sqrt(1 - cosine**2), np.sqrt(p**2 + M_E**2), np.sqrt(m_i * T)
    u2 = ux**2 + uy**2 + uz**2
    E_i = np.sqrt(m_i**2 + momentum**2 * u2)
    w_nucleon = w_nucleon * np.exp(u2 / 2 - momentum**2 * u2 / (E_i + m_i) / T)
    weight = w_p[:, None, None, None, None] * w_cos[:, None, None, None] * w_nucleon * p**2
    initial = [E_i, momentum * ux, momentum * uy, momentum * uz]
    rate = 0.0
    for sign in (1, -1):  # e- (p -> n: e+) in the final state; its antiparticle in the initial one
        lepton = [sign * E, sign * p * sine, 0.0, sign * p * cosine]
        x, M2 = scatter(initial, lepton, m_i, m_f, direction, f_wm)
        f = neutrinos.occupation(x) * fermi(-sign * E / T)
        rate += np.sum(weight * M2 * x * f / (sign * E))
    return rate / np.sum(w_nucleon)


def exact_decay(f_wm):
    """The same of a neutron at rest in vacuum: lambda_0 m_e^5."""
    E_max = (M_N**2 + M_E**2 - M_P**2) / (2 * M_N)
    p, w_p = panels([0, np.sqrt(E_max**2 - M_E**2)], 40)
    cosine, w_cos = panels([-1, 1], 20)
    p, cosine = np.meshgrid(p, cosine, indexing="ij", sparse=True)
    E = np.sqrt(p**2 + M_E**2)
    lepton = [E, p * np.sqrt(1 - cosine**2), 0.0, p * cosine]
    x, M2 = scatter([M_N, 0.0, 0.0, 0.0], lepton, M_N, M_P, N_TO_P, f_wm)
    return np.sum(w_p[:, None] * w_cos * p**2 / E * x * M2)


# ---- Born rates and the first-order expansion ---------------------------------------------------


def expansion(T, neutrinos, direction, f_wm, scale=1.0):
    """Born rate and first-order correction over K (arXiv:1801.08023, Eq. B24)."""
    m_n, m_p = masses(scale)
    m_N, ratio = (m_n + m_p) / 2, (m_n / m_p)**direction
    g = G_A * direction
    LL, RR = ((1 + g)**2 + 4 * f_wm * g) / UNIT, ((1 - g)**2 - 4 * f_wm * g) / UNIT
    LR = (g**2 - 1) / UNIT
    total, born, first = LL + RR + LR, 0.0, 0.0
    p, w = electron_momenta(T, FINE[0])
    for sign in (1, -1):
        e = sign * np.sqrt(p**2 + M_E**2)
        x = e - direction * DELTA
        f, f1, f2 = neutrinos.derivatives(x)

        def d1(k):
            return k * x**(k - 1) * f + x**k * f1

        def d2(k):
            return k * (k - 1) * x**(k - 2) * f + 2 * k * x**(k - 1) * f1 + x**k * f2

        chi = (LL * p**2 / (m_N * e) * x**2 * f - RR * x / m_N * x**2 * f +
               (LL + RR) * T / m_N * (d1(2) * p**2 / e - d1(3)) +
               total * (T * (d2(4) + d2(2) * p**2) + d1(4) + d1(2) * p**2) / (2 * m_N) -
               total * 1.5 * T * (1 - ratio) * d1(2) +
               LR * (-3 * T / m_N * x**2 * f + p**2 / (3 * m_N * e) * (d1(3) + T * d2(3))))
        weight = w * p**2 * fermi(-e / T)
        born += np.sum(weight * x**2 * f)
        first += np.sum(weight * chi)
    return born, first


def born_decay():
    p, w = panels([0, np.sqrt(DELTA**2 - M_E**2)], 40)
    return np.sum(w * p**2 * (DELTA - np.sqrt(p**2 + M_E**2))**2)


# ---- table and checks ---------------------------------------------------------------------------


def first_order(born, *state):
    """a of exact/Born = 1 + a/s + b/s^2 + ..., s the scale of the mass; and its error."""
    scales = np.array([4.0, 8.0, 16.0, 32.0])
    excess = np.array([exact(*state, scale) / born - 1 for scale in scales])
    powers = scales[:, None]**-np.arange(1.0, 5.0)
    a = np.linalg.solve(powers, excess)[0]
    return a, abs(a - np.linalg.solve(powers[1:, :3], excess[1:])[0])


def cases():
    for T in TEMPERATURES:
        for cooler in COOLER:
            for magnetism in (0, 1):
                yield T, Neutrinos(T / cooler), magnetism
    for T in (0.3, 1.0, 2.0):
        yield T, Neutrinos(T, DISTORTION), 1


def write(path):
    with open(path, "w") as file:
        file.write(f"""\
# Weak rates n <-> p in units of K with nucleons of finite mass, over the Born rates: exact in
# 1/m_N, and their first order. Errors are those of quadrature and extrapolation.
# Neutrinos: ln[f/(1-f)] = -z [1 + distortion/(1 + z^2/4)], z = E/T_nu.
# Made by weak_recoil.py.
# g_A: {G_A}
# f_wm: {F_WM:.10g}
# decay without magnetism: {exact_decay(0.0) / born_decay():.10f}
# decay with magnetism: {exact_decay(F_WM) / born_decay():.10f}
T_MeV,T_nu_MeV,distortion,magnetism,n_to_p,p_to_n,error,n_to_p_first,p_to_n_first,error_first
""")
        for T, neutrinos, magnetism in cases():
            ratios, errors, first = [], [], []
            for direction in (N_TO_P, P_TO_N):
                state = T, neutrinos, direction, F_WM * magnetism
                born, _ = expansion(*state)
                ratios.append(exact(*state) / born)
                errors.append(abs(exact(*state, nodes=COARSE) / born - ratios[-1]))
                first.append(first_order(born, *state))
            (a, error_a), (b, error_b) = first
            file.write(f"{T:g},{neutrinos.T:.17g},{neutrinos.distortion:g},{magnetism},"
                       f"{ratios[0]:.9f},{ratios[1]:.9f},{max(errors):.1e},"
                       f"{a:.9f},{b:.9f},{max(error_a, error_b):.1e}\n")


def check_matrix_element():
    rng, worst = np.random.default_rng(1), 0.0
    for _ in range(20):
        spatial = rng.normal(size=(3, 3)) * [[100], [100], [300]]
        nu, e, n = (np.array([np.hypot(m, np.linalg.norm(v)), *v])
                    for m, v in zip((0, M_E, M_N), spatial))
        p = n + nu - e
        args = n, p, nu, e, M_N, np.sqrt(dot(p, p))  # a proton's mass that conserves energy
        for f_wm in (0.0, 0.3, -0.3):
            traces = trace_matrix_element(*args, f_wm)
            worst = max(worst, abs(matrix_element(*args, f_wm) / traces - 1))
    print(f"|M|^2 against traces: {worst:.1e}")


def check():
    check_matrix_element()
    for f_wm in (0.0, F_WM):
        print(f"decay, f_wm = {f_wm:.4g}: {exact_decay(f_wm) / born_decay() - 1:.7f}")
    for T in TEMPERATURES:
        thermal = [exact(T, Neutrinos(T), d, F_WM) for d in (N_TO_P, P_TO_N)]
        # n_n/n_p in equilibrium: m^2 T K_2(m/T), Hankel's expansion
        n, p = (1 + 15 / 8 * T / m + 105 / 128 * (T / m)**2 - 315 / 1024 * (T / m)**3
                for m in (M_N, M_P))
        balance = np.exp(-DELTA / T) * (M_N / M_P)**1.5 * n / p
        print(f"detailed balance at {T} MeV: to {abs(thermal[1] / thermal[0] / balance - 1):.1e}")
    print("T, T/T_nu, distortion, f_wm; of n -> p and of p -> n, over Born: exact; exact less\n"
          "expansion, by what that falls with 4 m_N, and from there with 16 m_N")
    for T, neutrinos, magnetism in cases():
        line = f"{T:4} {T / neutrinos.T:.1f} {neutrinos.distortion:.1f} {F_WM * magnetism:5.3f}"
        for direction in (N_TO_P, P_TO_N):
            state, differences = (T, neutrinos, direction, F_WM * magnetism), []
            for scale in (1, 4, 16):
                born, first = expansion(*state, scale)
                differences.append((exact(*state, scale) - born - first) / born)
            a, b, c = differences
            first = expansion(*state)[1] / born
            line += f" | {first + a:10.3e} {a:9.2e} {a / b:5.2f} {b / c:5.2f}"
        print(line)


if __name__ == "__main__":
    if sys.argv[1:] == ["check"]:
        check()
    else:
        write(Path(__file__).with_suffix(".csv"))
