# Spectra of neutrinos and N: spectra.dat -> spectra.png, spectra.pdf
# Variables, all strings, all optional: caption.
set encoding utf8
data = 'spectra.dat'
if (!exists("caption")) caption = ""

# A caption that is too long is broken after spaces.
last_space(s, i) = i < 1 ? 95 : s[i:i] eq " " ? i : last_space(s, i - 1)
wrap(s) = strlen(s) <= 95 ? s : \
          s[1:last_space(s, 95)] . "\n" . wrap(s[last_space(s, 95)+1:*])
# The panels leave room for the lines of the title.
lines(s) = strlen(s) <= 95 ? 1 : 1 + lines(s[last_space(s, 95)+1:*])
top = 0.945 - 0.025*lines(caption)
middle = (top + 0.115)/2
less(a, b) = a < b ? a : b
more(a, b) = a > b ? a : b
# What a logarithmic axis can show; nan, inf and what is not positive leave a gap.
positive(v) = v > 0 && v < 1e300 ? v : NaN

# The energy of a unit of y against the thermal one, in units of its largest, y^3/(exp(y) + 1).
peak = 1.5586
thermal(y) = 1/(exp(y) + 1)
change(f, y) = y**3*(f - thermal(y))/peak
all(e, mu, tau) = more(e, more(mu, tau))

# What there is to see, to five decades below the largest.
stats data using 3 nooutput name "Y"
n = int(Y_blocks)
stats data using ($3**2*more(all($5, $6, $7), more($8, $9))) nooutput name "TOP"
stats data using ($3**2*all($5, $6, $7) > 1e-5*TOP_max ? $3 : 1) nooutput name "SEEN"
stats data using ($3**2*$8) nooutput name "N"
stats data using (change(less($5, less($6, $7)), $3)) nooutput name "LOW"
stats data using (change(all($5, $6, $7), $3)) nooutput name "HIGH"

# A label says what differs between the blocks. One block: colours tell particles apart.
array T_RH[n]
array T[n]
array label[n]
do for [i = 1:n] {
    stats data index i-1 using 1:2 nooutput name "B"
    T_RH[i] = B_max_x
    T[i] = B_max_y
}
one_T_RH = one_T = 1
do for [i = 1:n] {
    if (T_RH[i] != T_RH[1]) { one_T_RH = 0 }
    if (abs(T[i]/T[1] - 1) > 1e-6) { one_T = 0 }
}
do for [i = 1:n] {
    label[i] = one_T ? sprintf("T_{RH} = %g MeV", T_RH[i]) : \
               one_T_RH ? sprintf("T = %.3g MeV", T[i]) : \
               sprintf("T_{RH} = %g, T = %.3g MeV", T_RH[i], T[i])
}
where = one_T ? sprintf("T = %.3g MeV", T[1]) : one_T_RH ? sprintf("T_{RH} = %g MeV", T_RH[1]) : ""

array okabe_ito[7] = [0x0072B2, 0xD55E00, 0x009E73, 0xCC79A7, 0xE69F00, 0x56B4E9, 0x000000]
# Viridis, to two per cent, for more than seven.
channel(x, a, b, c, d, e) = int(255*more(0, less(1, a + x*(b + x*(c + x*(d + x*e))))))
viridis(x) = 65536*channel(x, 0.267, 0.29, -3.09, 5.41, -1.89) + \
             256*channel(x, 0.005, 1.39, -0.62, 0.05, 0.08) + \
             channel(x, 0.329, 1.56, -3.32, 2.00, -0.43)
colour(i) = n <= 7 ? okabe_ito[i] : viridis(0.95*(i - 1)/(n - 1.))
NU_E = 1; NU_MU = 2; NU_TAU = 3; STERILE = 4
paint(particle, i) = n == 1 ? okabe_ito[particle] : colour(i)
black(particle) = n == 1 ? okabe_ito[particle] : 0x000000
set linetype 1 lw 3.5 dt 1          # nu_e
set linetype 2 lw 3.5 dt (12,5)     # nu_mu
set linetype 3 lw 3.5 dt (3,4)      # nu_tau
set linetype 4 lw 3.5 dt (20,5,3,5) # N

set logscale x
set xrange [Y_min:less(Y_max, 1.5*SEEN_max)]
set xtics add (0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500)
set mxtics
set mytics
set tics scale 1.5, 0.75
set border lw 1.5
heading(s) = "{/=16 " . s . "}"
small = sprintf(",%d", less(16, more(4, 250/n)))

do for [kind in "png pdf"] {
    if (kind eq "png") { set terminal pngcairo size 1300,900 font "Sans,20" }
    if (kind eq "pdf") { set terminal pdfcairo size 8in,5.538in font "Sans,20" fontscale 0.5 }
    set output 'spectra.' . kind
    set multiplot
    set lmargin at screen 0.125
    set rmargin at screen 0.715

    set tmargin at screen top
    set bmargin at screen middle+0.018
    set title wrap(caption) font ",14" noenhanced
    set xtics format ""
    unset xlabel
    set logscale y
    set ytics format "10^{%L}"
    set yrange [1e-5*TOP_max:3*TOP_max]
    set label 1 'y^2 f' at screen 0.03, graph 0.5 center rotate
    set key at screen 0.73, screen top left top Left reverse samplen 3 spacing 1.3 \
        font ",16" title heading(where) left
    plot NaN with lines lt NU_E lc rgb black(NU_E) title 'ν_e', \
         NaN with lines lt NU_MU lc rgb black(NU_MU) title 'ν_μ', \
         NaN with lines lt NU_TAU lc rgb black(NU_TAU) title 'ν_τ', \
         for [j = 1:(N_max > 1e-5*TOP_max)] NaN with lines lt STERILE lc rgb black(STERILE) title 'N', \
         data index 0 using 3:(positive($3**2*$9)) with lines lc rgb "#808080" lw 5 dt 1 \
             title 'Fermi-Dirac at 1/a', \
         for [i = 1:n] data index i-1 using 3:(positive($3**2*$5)) with lines lt NU_E \
             lc rgb paint(NU_E, i) notitle, \
         for [i = 1:n] data index i-1 using 3:(positive($3**2*$6)) with lines lt NU_MU \
             lc rgb paint(NU_MU, i) notitle, \
         for [i = 1:n] data index i-1 using 3:(positive($3**2*$7)) with lines lt NU_TAU \
             lc rgb paint(NU_TAU, i) notitle, \
         for [i = 1:n] data index i-1 using 3:(positive($3**2*$8)) with lines lt STERILE \
             lc rgb paint(STERILE, i) notitle

    set tmargin at screen middle-0.018
    set bmargin at screen 0.115
    unset title
    unset logscale y
    set xtics format "%g"
    set xlabel 'Comoving momentum y = a p'
    set ytics format "%g"
    spread = 0.08*(more(HIGH_max, 0) - less(LOW_min, 0)) + 1e-6
    set yrange [less(LOW_min, 0) - spread:more(HIGH_max, 0) + spread]
    set label 1 'y^3 (f − f_{FD}) / max y^3 f_{FD}' at screen 0.03, graph 0.5 center rotate
    unset key
    plot 0 with lines lc rgb "#808080" lw 1.5 dt 1 notitle, \
         for [i = 1:n] data index i-1 using 3:(change($6, $3)) with lines lt NU_MU \
             lc rgb paint(NU_MU, i) notitle, \
         for [i = 1:n] data index i-1 using 3:(change($7, $3)) with lines lt NU_TAU \
             lc rgb paint(NU_TAU, i) notitle, \
         for [i = 1:n] data index i-1 using 3:(change($5, $3)) with lines lt NU_E \
             lc rgb paint(NU_E, i)

    # The list of blocks may be longer than a panel is high: a plot of its own.
    set tmargin at screen 1
    set bmargin at screen 0
    unset border
    unset tics
    unset xlabel
    unset label 1
    if (n > 10) { set key at screen 0.73, screen 0.01 bottom left font small title "" }
    if (n <= 10) { set key at screen 0.73, screen middle-0.018 top left title "" }
    plot for [i = 1:n] NaN with lines lt 1 lc rgb colour(i) title (n == 1 ? "" : label[i])
    set border
    set xtics
    set ytics
    set mxtics
    set mytics
    unset multiplot
    unset output
}
