# What each point reaches as a function of the reheating temperature: sweep.dat -> sweep.png, .pdf
# Variables, all strings, all optional: caption, n_blocks (the number of points),
# x_min, x_max (MeV).
set encoding utf8
data = 'sweep.dat'
if (!exists("caption")) caption = ""
# gnuplot takes "1e-3" for an integer with a tail, but not "1.e-3".
number(s) = strstrt(s, ".") || !strstrt(s, "e") ? real(s) : \
            real(s[1:strstrt(s, "e")-1] . "." . s[strstrt(s, "e"):*])
xa = exists("x_min") ? number(x_min) : 0.5
xb = exists("x_max") ? number(x_max) : 20.

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
or_one(v) = v > 0 && v < 1e300 ? v : 1

# The ranges hold 1 and what is there, to eight decades below 1.
stats data using 2 nooutput name "T"
n = exists("n_blocks") ? int(n_blocks) : int(T_blocks)
stats data using (or_one($3)) nooutput name "N"
stats data using (or_one($4)) nooutput name "H"
# Without any number, stats leaves them undefined.
if (!exists("N_max")) N_min = N_max = 1
if (!exists("H_max")) H_min = H_max = 1
below(v) = 10**floor(log10((v > 1e-8 ? v < 0.1 ? v : 0.1 : 1e-8)*0.999))
above(v) = 3*(v > 1 ? v : 1)

# The names, and how many steps from one symbol to the next.
array label[n]
array step[n]
do for [i = 1:n] {
    name = ""
    stats data index i-1 using (name = strcol(1), 1) nooutput name "B"
    label[i] = name
    step[i] = 1 + int(B_records)/20
}

array colour[7] = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000"]
k(i) = 1 + (i - 1) % 7
set linetype 1 lw 3 dt 1           pt 7  ps 1
set linetype 2 lw 3 dt (14,6)      pt 5  ps 1
set linetype 3 lw 3 dt (14,5,3,5)  pt 9  ps 1.2
set linetype 4 lw 3 dt (6,4)       pt 11 ps 1.2
set linetype 5 lw 3 dt (2,4)       pt 13 ps 1.2
set linetype 6 lw 3 dt (20,5,3,5,3,5) pt 6 ps 1
set linetype 7 lw 2 dt 1           pt 4  ps 1

set logscale xy
set xrange [xa:xb]
set ytics format "10^{%L}"
set xtics add (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100)
set mxtics
set mytics
set tics scale 1.5, 0.75
set border lw 1.5

do for [kind in "png pdf"] {
    if (kind eq "png") { set terminal pngcairo size 1200,900 font "Sans,20" }
    if (kind eq "pdf") { set terminal pdfcairo size 8in,6in font "Sans,20" fontscale 0.5 }
    set output 'sweep.' . kind
    set multiplot
    set lmargin at screen 0.125
    set rmargin at screen 0.755

    set tmargin at screen top
    set bmargin at screen middle+0.018
    set title wrap(caption) font ",14" noenhanced
    set xtics format ""
    unset xlabel
    set ylabel 'max  n_N / n_N^{eq}' offset 0.5
    set yrange [below(N_min):above(N_max)]
    set key at screen 0.77, screen top left top Left reverse samplen 3 spacing 1.3 font ",16" \
        noenhanced
    plot 1 with lines lc rgb "#808080" lw 1.5 dt 1 notitle, \
         for [i = 1:n] data index i-1 using 2:(positive($3)) \
             with linespoints lt k(i) pi step[i] lc rgb colour[k(i)] title label[i]

    set tmargin at screen middle-0.018
    set bmargin at screen 0.115
    unset title
    unset key
    set xtics format "%g"
    set xlabel 'Reheating temperature T_{RH} [MeV]'
    set ylabel 'max  Γ/H' offset 0.5
    set yrange [below(H_min):above(H_max)]
    plot 1 with lines lc rgb "#808080" lw 1.5 dt 1 notitle, \
         for [i = 1:n] data index i-1 using 2:(positive($4)) \
             with linespoints lt k(i) pi step[i] lc rgb colour[k(i)] notitle
    unset multiplot
    unset output
}
