# viability with light elements: N_eff and abundances against measurements.

via_dir=$TMP_DIR/viability
mkdir "$via_dir"
via_fast='--set precision=precision_fast.ini --set T_RH_MeV=2'

# ---- one point: entropy of late decays dilutes baryons, which were more before
expect 'viability of a point with late decays' 0 \
    '^  T_RH = 2 MeV: excluded \([0-9.]+ sigma, chi\^2 = [0-9.]+ for 3\): D/H decides, [0-9.]+ % below the Standard Model.s, through entropy\.$' \
    -- "$NUDIPOLE" viability params/cno.ini $via_fast --output "$via_dir/cno"
expect 'viability: files' 0 '' -- has "$via_dir/cno" summary.json viability.dat run.ini
expect 'viability: summary' 0 '' -- valid_json "$via_dir/cno/summary.json"
expect 'viability: columns' 0 '' -- columns "$via_dir/cno/viability.dat" 1 \
    'point T_RH_MeV reheating N_eff Y_p Y_p_error D_H D_H_error He3_H He3_H_error Li7_H Li7_H_error eta_bbn_over_standard chi2_N_eff chi2_Y_p chi2_D_H chi2 sigma verdict decided_by through max_Gamma_over_H max_n_over_neq thermalises_paper thermalises_dynamical status'
expect 'viability: more baryons before' 0 '' -- awk \
    '!/^#/ && NF { exit !($13 > 1.04 && $13 < 1.07) }' "$via_dir/cno/viability.dat"
expect 'viability: where the rates come from' 0 '"d_p__He3_g": ".*Moscoso' -- \
    cat "$via_dir/cno/summary.json"
expect 'viability: what it is judged by' 0 '"source": ".*1710\.11129' -- \
    cat "$via_dir/cno/summary.json"

# ---- without N: what low reheating does on its own; the Standard Model is allowed
expect 'viability without N, field' 0 'excluded .*: D/H decides, .*, through expansion\.$' -- \
    "$NUDIPOLE" viability params/b8.ini $via_fast --set sterile=off --set reheating=field \
    --output "$via_dir/field"
expect 'viability of the Standard Model' 0 ' allowed \([01]\.[0-9] sigma' -- \
    "$NUDIPOLE" viability params/standard.ini --set precision=precision_fast.ini \
    --output "$via_dir/standard"
# D/H goes as eta^-1.6 (arXiv:1801.08023): between that of today's baryons and that of r times as
# many, the nearer to the latter the later the entropy comes. N shares its energy between photons
# and neutrinos: X of rho_gamma to each is r = (1 + X)^(3/4) and N_eff = (N_eff + 4.40 X)/(1 + X),
# less what scatters from neutrinos to e+-.
via_diluted() {
    grep -hv '^#' "$via_dir/standard/viability.dat" "$via_dir/cno/viability.dat" | awk '
        NF { n++; N_eff[n] = $4; D_H[n] = $7; r = $13 }
        END { power = log(D_H[2] / D_H[1]) / log(r)
              X = exp(4 / 3 * log(r)) - 1
              most = (N_eff[1] + 4.40 * X) / (1 + X)
              print power, N_eff[1], N_eff[2], most
              exit !(n == 2 && power > -1.6 && power < -0.8 && N_eff[2] > N_eff[1] && N_eff[2] < most) }'
}
expect 'viability: D/H and N_eff of more entropy' 0 '' -- via_diluted

# ---- the user's measurements decide
sed '/^\[Y_p\]/,/^\[D_H\]/s/^used = yes/used = no/; /^\[N_eff\]/,/^\[Y_p\]/s/^used = yes/used = no/
     /^\[D_H\]/,/^\[He3_H\]/s/^error = .*/error = 1e-5/' params/observations.ini > "$via_dir/own.ini"
expect 'viability: own measurements' 0 'allowed \(0\.[0-9] sigma, chi\^2 = [0-9.]+ for 1\)' -- \
    "$NUDIPOLE" viability params/cno.ini $via_fast --set observations="$via_dir/own.ini" \
    --set abundance_errors=off --output "$via_dir/own"
printf '[D_H]\nvalue = 2.5e-5\nerror = -1\nsource = me\n' > "$via_dir/bad.ini"
refused 'viability: bad measurements' '.*bad\.ini:3: .*error' viability params/cno.ini \
    --set observations="$via_dir/bad.ini"
refused 'viability: no such rates' '.*nuclear/nowhere' viability params/cno.ini --set rates=nowhere

# ---- failures
expect 'viability: N is left at the end' 3 'are left, .* of N \(when it decays\), .*; try a lower bbn_T_end_MeV$' -- \
    "$NUDIPOLE" viability params/cno.ini $via_fast --set bbn_T_end_MeV=0.02 --output "$via_dir/left"
expect 'viability: nothing written' 0 '' -- test ! -e "$via_dir/left"
expect 'viability: the network takes too many steps' 3 'steps taken at T = .*bbn_max_steps$' -- \
    "$NUDIPOLE" viability params/cno.ini $via_fast --set bbn_max_steps=100 --output "$via_dir/left"
refused 'viability: spectra of a field without light elements' '--set: reheating = field: only the coupled' \
    viability params/b8.ini --set reheating=field --set light_elements=off
