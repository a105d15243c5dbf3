# The coupled Universe for each reheating temperature: history.dat -> history.png, history.pdf
# Variables, all strings, all optional: caption, n_blocks (the number of reheating temperatures).
set encoding utf8
data = 'history.dat'
if (!exists("caption")) caption = ""

# A caption that is too long is broken after spaces.
last_space(s, i) = i < 1 ? 95 : s[i:i] eq " " ? i : last_space(s, i - 1)
wrap(s) = strlen(s) <= 95 ? s : \
          s[1:last_space(s, 95)] . "\n" . wrap(s[last_space(s, 95)+1:*])
# The panels leave room for the lines of the title.
lines(s) = strlen(s) <= 95 ? 1 : 1 + lines(s[last_space(s, 95)+1:*])
top = 0.96 - 0.02*lines(caption)
foot = 0.085
gap = 0.012
edge(i) = top - (top - foot)*(i == 0 ? 0 : i == 1 ? 0.42 : i == 2 ? 0.71 : 1)
# What a logarithmic axis can show; nan, inf and what is not positive leave a gap.
positive(v) = v > 0 && v < 1e300 ? v : NaN
or_zero(v) = v > 0 && v < 1e300 ? v : 0

stats data using 2 nooutput name "T"
n = exists("n_blocks") ? int(n_blocks) : int(T_blocks)
stats data using (or_zero($20/$7)) nooutput name "N"
stats data using (or_zero($21/$7)) nooutput name "PHI"
stats data using (($9 + $10 + $11)/$7) nooutput name "NU"
stats data using ($15*$4) nooutput name "E"
stats data using ($16*$4) nooutput name "MU"
stats data using ($17*$4) nooutput name "TAU"
stats data using 22 nooutput name "NEFF"
less(a, b) = a < b ? a : b
more(a, b) = a > b ? a : b

# With one reheating temperature colours tell components apart, else reheating temperatures.
array label[n]
do for [i = 1:n] {
    stats data index i-1 using 1:22 nooutput name "B"
    last = 0
    stats data index i-1 using (last = $22, 1) nooutput name "L"
    label[i] = sprintf("T_{RH} = %g MeV: %.3f", B_max_x, last)
}
array okabe_ito[7] = [0x0072B2, 0xD55E00, 0x009E73, 0xCC79A7, 0xE69F00, 0x56B4E9, 0x000000]
# Viridis, to two per cent, for more than seven.
channel(x, a, b, c, d, e) = int(255*more(0, less(1, a + x*(b + x*(c + x*(d + x*e))))))
viridis(x) = 65536*channel(x, 0.267, 0.29, -3.09, 5.41, -1.89) + \
             256*channel(x, 0.005, 1.39, -0.62, 0.05, 0.08) + \
             channel(x, 0.329, 1.56, -3.32, 2.00, -0.43)
colour(i) = n <= 7 ? okabe_ito[i] : viridis(0.95*(i - 1)/(n - 1.))
NU_E = 1; NU_MU = 2; NU_TAU = 3; STERILE = 4; FIELD = 5; ELECTRONS = 6; NEUTRINOS = 7
paint(component, i) = n == 1 ? okabe_ito[component] : colour(i)
set linetype 1 lw 3.5 dt 1          # nu_e
set linetype 2 lw 3.5 dt (12,5)     # nu_mu
set linetype 3 lw 3.5 dt (3,4)      # nu_tau
set linetype 4 lw 4 dt 1            # N
set linetype 5 lw 3.5 dt (3,4)      # field
set linetype 6 lw 2.5 dt (12,5,3,5) # e+-
set linetype 7 lw 3 dt (12,5)       # neutrinos

set logscale x
set xrange [T_max*1.0001:T_min*0.9999] noreverse
# Labels between powers of ten where there is room for them.
if (T_max < 2500*T_min) { set xtics add (0.002, 0.005, 0.02, 0.05, 0.2, 0.5, 2, 5, 20, 50) }
set mxtics
set mytics
set tics scale 1.5, 0.75
set border lw 1.5
heading(s) = "{/=16 " . s . "}"
small = sprintf(",%d", less(16, more(4, 230/n)))

do for [kind in "png pdf"] {
    if (kind eq "png") { set terminal pngcairo size 1300,1200 font "Sans,20" }
    if (kind eq "pdf") { set terminal pdfcairo size 8in,7.385in font "Sans,20" fontscale 0.5 }
    set output 'history.' . kind
    set multiplot
    set lmargin at screen 0.135
    set rmargin at screen 0.735
    black(component) = n == 1 ? okabe_ito[component] : 0x000000

    set tmargin at screen edge(0)
    set bmargin at screen edge(1) + gap
    set title wrap(caption) font ",14" noenhanced
    set xtics format ""
    unset xlabel
    set logscale y
    set ytics format "10^{%L}"
    set yrange [1e-5:3*more(10, more(NU_max, more(N_max, PHI_max)))]
    set label 1 'ρ / ρ_γ' at screen 0.03, graph 0.5 center rotate
    set key at screen 0.75, screen edge(0) top left Left reverse samplen 3 spacing 1.3 \
        font ",16" title heading("Energy density") left
    plot NaN with lines lt NEUTRINOS lc rgb black(NEUTRINOS) title 'neutrinos', \
         NaN with lines lt ELECTRONS lc rgb black(ELECTRONS) title 'e^{+} e^{−}', \
         for [j = 1:(N_max > 0)] NaN with lines lt STERILE lc rgb black(STERILE) title 'N', \
         for [j = 1:(PHI_max > 0)] NaN with lines lt FIELD lc rgb black(FIELD) title 'field', \
         for [i = 1:n] data index i-1 using 2:(positive(($8 - $7)/$7)) with lines lt ELECTRONS \
             lc rgb paint(ELECTRONS, i) notitle, \
         for [i = 1:n] data index i-1 using 2:(positive(($9 + $10 + $11)/$7)) with lines \
             lt NEUTRINOS lc rgb paint(NEUTRINOS, i) notitle, \
         for [i = 1:n] data index i-1 using 2:(positive($20/$7)) with lines lt STERILE \
             lc rgb paint(STERILE, i) notitle, \
         for [i = 1:n] data index i-1 using 2:(positive($21/$7)) with lines lt FIELD \
             lc rgb paint(FIELD, i) notitle
    unset title
    unset logscale y
    set ytics format "%g"

    set tmargin at screen edge(1) - gap
    set bmargin at screen edge(2) + gap
    low = less(E_min, less(MU_min, TAU_min))
    high = more(E_max, more(MU_max, TAU_max))
    margin = 0.08*(high - low) + 1e-4
    set yrange [low - margin:high + margin]
    set label 1 'a T_ν' at screen 0.03, graph 0.5 center rotate
    set key at screen 0.75, screen edge(1) - gap top left \
        title heading("T_ν: energy of a flavour") left
    plot NaN with lines lt NU_E lc rgb black(NU_E) title 'ν_e', \
         NaN with lines lt NU_MU lc rgb black(NU_MU) title 'ν_μ', \
         NaN with lines lt NU_TAU lc rgb black(NU_TAU) title 'ν_τ', \
         for [i = 1:n] data index i-1 using 2:($15*$4) with lines lt NU_E \
             lc rgb paint(NU_E, i) notitle, \
         for [i = 1:n] data index i-1 using 2:($16*$4) with lines lt NU_MU \
             lc rgb paint(NU_MU, i) notitle, \
         for [i = 1:n] data index i-1 using 2:($17*$4) with lines lt NU_TAU \
             lc rgb paint(NU_TAU, i) notitle

    set tmargin at screen edge(2) - gap
    set bmargin at screen foot
    set xtics format "%g"
    set xlabel 'Photon temperature T [MeV]'
    set yrange [0:1.08*more(4, NEFF_max)]
    set label 1 'N_{eff}' at screen 0.03, graph 0.5 center rotate
    unset key
    plot 3.044 with lines lc rgb "#808080" lw 1.5 dt 1 notitle, \
         for [i = 1:n] data index i-1 using 2:22 with lines lt 1 lc rgb (n == 1 ? 0 : colour(i))

    # The list of reheating temperatures may be longer than a panel is high: a plot of its own.
    set tmargin at screen 1
    set bmargin at screen 0
    unset border
    unset tics
    unset xlabel
    unset label 1
    if (n > 6) { set key at screen 0.75, screen 0.01 bottom left font small }
    if (n <= 6) { set key at screen 0.75, screen edge(2) - gap top left }
    set key title heading("N_{eff} at the end") left
    plot for [i = 1:n] NaN with lines lt 1 lc rgb (n == 1 ? 0 : colour(i)) title label[i]
    set border
    set xtics
    set ytics
    set mxtics
    set mytics
    unset multiplot
    unset output
}
