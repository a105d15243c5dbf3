# Abundance of N for each reheating temperature: abundance.dat -> abundance.png, abundance.pdf
# Variables, all strings, all optional: caption, n_blocks (the number of reheating temperatures).
set encoding utf8
data = 'abundance.dat'
if (!exists("caption")) caption = ""

# A caption that is too long is broken after spaces.
last_space(s, i) = i < 1 ? 95 : s[i:i] eq " " ? i : last_space(s, i - 1)
wrap(s) = strlen(s) <= 95 ? s : \
          s[1:last_space(s, 95)] . "\n" . wrap(s[last_space(s, 95)+1:*])
# The panels leave room for the lines of the title.
lines(s) = strlen(s) <= 95 ? 1 : 1 + lines(s[last_space(s, 95)+1:*])
top = 0.945 - 0.025*lines(caption)
middle = (top + 0.115)/2
# What a logarithmic axis can show; nan, inf and what is not positive leave a gap.
positive(v) = v > 0 && v < 1e300 ? v : NaN
or_zero(v) = v > 0 && v < 1e300 ? v : 0

stats data using 2 nooutput name "T"
n = exists("n_blocks") ? int(n_blocks) : int(T_blocks)
stats data using (or_zero($6/$2**3)) nooutput name "N"
stats data using (or_zero($7/$2**3)) nooutput name "EQ"
stats data using (or_zero($10)) nooutput name "RHO"
# Without any number, stats leaves them undefined.
if (!exists("N_max")) N_max = 0
if (!exists("EQ_max")) EQ_max = 0
if (!exists("RHO_max")) RHO_max = 0
density = N_max > EQ_max ? N_max : EQ_max
if (density <= 0) density = 1
energy = RHO_max > 0 ? RHO_max : 1

# The label, and the block that reaches the highest temperature: its equilibrium is drawn.
array label[n]
first = 1
highest = 0
do for [i = 1:n] {
    stats data index i-1 using 1:2 nooutput name "B"
    label[i] = sprintf("T_{RH} = %g MeV", B_max_x)
    if (B_max_y > highest) { highest = B_max_y; first = i }
}

array colour[7] = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000"]
k(i) = 1 + (i - 1) % 7
set linetype 1 lw 3.5 dt 1
set linetype 2 lw 3.5 dt (14,6)
set linetype 3 lw 3.5 dt (14,5,3,5)
set linetype 4 lw 3.5 dt (6,4)
set linetype 5 lw 3.5 dt (2,4)
set linetype 6 lw 3.5 dt (20,5,3,5,3,5)
set linetype 7 lw 2 dt 1

set logscale xy
set xrange [T_max:T_min] noreverse
set ytics format "10^{%L}"
set xtics add (0.02, 0.05, 0.2, 0.5, 2, 5, 20, 50)
set mxtics
set mytics
set tics scale 1.5, 0.75
set border lw 1.5

do for [kind in "png pdf"] {
    if (kind eq "png") { set terminal pngcairo size 1200,900 font "Sans,20" }
    if (kind eq "pdf") { set terminal pdfcairo size 8in,6in font "Sans,20" fontscale 0.5 }
    set output 'abundance.' . kind
    set multiplot
    set lmargin at screen 0.125
    set rmargin at screen 0.755

    set tmargin at screen top
    set bmargin at screen middle+0.018
    set title wrap(caption) font ",14" noenhanced
    set xtics format ""
    unset xlabel
    set ylabel 'n_N / T^3' offset 0.5
    set yrange [1e-8*density:5*density]
    set key at screen 0.77, screen top left top Left reverse samplen 3 spacing 1.3 font ",16"
    plot data index first-1 using 2:(positive($7/$2**3)) with lines lc rgb "#808080" lw 4 \
             dt (8,8) title 'equilibrium', \
         for [i = 1:n] data index i-1 using 2:(positive($6/$2**3)) \
             with lines lt k(i) lc rgb colour[k(i)] title label[i]

    set tmargin at screen middle-0.018
    set bmargin at screen 0.115
    unset title
    unset key
    set xtics format "%g"
    set xlabel 'Photon temperature T [MeV]'
    set ylabel 'ρ_N / ρ_γ' offset 0.5
    set yrange [1e-8*energy:5*energy]
    plot for [i = 1:n] data index i-1 using 2:(positive($10)) \
             with lines lt k(i) lc rgb colour[k(i)] notitle
    unset multiplot
    unset output
}
