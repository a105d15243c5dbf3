# Rates over the Hubble rate (Fig. 3 of arXiv:2007.05513): rates.dat -> rates.png, rates.pdf
# Variables, all strings, all optional: caption, x_min, x_max (MeV), y_min, y_max.
set encoding utf8
data = 'rates.dat'
if (!exists("caption")) caption = ""
# gnuplot takes "1e-3" for an integer with a tail, but not "1.e-3".
number(s) = strstrt(s, ".") || !strstrt(s, "e") ? real(s) : \
            real(s[1:strstrt(s, "e")-1] . "." . s[strstrt(s, "e"):*])
xa = exists("x_min") ? number(x_min) : 0.05
xb = exists("x_max") ? number(x_max) : 10.
ya = exists("y_min") ? number(y_min) : 0.01
yb = exists("y_max") ? number(y_max) : 100.

# A caption that is too long is broken after spaces.
last_space(s, i) = i < 1 ? 95 : s[i:i] eq " " ? i : last_space(s, i - 1)
wrap(s) = strlen(s) <= 95 ? s : \
          s[1:last_space(s, 95)] . "\n" . wrap(s[last_space(s, 95)+1:*])
# What a logarithmic axis can show; nan, inf and what is not positive leave a gap.
positive(v) = v > 0 && v < 1e300 ? v : NaN

# Is there any plasmon decay to be seen?
set table $plasmon
plot data using 1:7 with table if (column(7) > ya)
unset table

set logscale xy
set xrange [xa:xb]
set yrange [ya:yb]
set xtics format "%g"
set xtics add (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100)
set ytics format "10^{%L}"
set mxtics
set mytics
set tics scale 1.5, 0.75
set xlabel 'Photon temperature T [MeV]'
set ylabel 'Γ/H per active neutrino'
set title wrap(caption) font ",14" noenhanced
set key below center horizontal Left reverse samplen 3 spacing 1.3 maxcols 2 font ",16" \
    title " "
set border lw 1.5

do for [kind in "png pdf"] {
    if (kind eq "png") { set terminal pngcairo size 1200,900 font "Sans,20" }
    if (kind eq "pdf") { set terminal pdfcairo size 8in,6in font "Sans,20" fontscale 0.5 }
    set output 'rates.' . kind
    plot 1 with lines lc rgb "#808080" lw 1.5 dt 1 notitle, \
         data using 1:(positive($8)) with lines lc rgb "#000000" lw 5 dt 1 \
             title 'total', \
         data using 1:(positive($4)) with lines lc rgb "#0072B2" lw 3.5 dt (14,6) \
             title 'inverse decay ν γ → N', \
         data using 1:(positive($5 + $6)) with lines lc rgb "#D55E00" lw 3.5 dt (14,5,3,5) \
             title '2→2: ν e^{±} → N e^{±}, e^{+}e^{−} → N ν̄', \
         data using 1:(positive($6)) with lines lc rgb "#E69F00" lw 3 dt (6,4) \
             title 'e^{+}e^{−} → N ν̄ alone', \
         for [i = 1:(|$plasmon| > 0)] data using 1:(positive($7)) \
             with lines lc rgb "#009E73" lw 3.5 dt (2,4) title 'plasmon decay γ* → N ν̄'
    unset output
}
