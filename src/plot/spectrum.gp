# Spectrum of electronic recoils with the dipole signal (Fig. 1 of arXiv:2007.05513):
# spectrum.dat, spectrum_fine.dat -> spectrum.png, spectrum.pdf
# Variables, all strings, all optional: caption, experiment, n_blocks (the number of signals; the
# data and the background are those of the first), labels (their names, separated by commas),
# x_min, x_max (keV), y_max (events/(t yr keV)).
set encoding utf8
data = 'spectrum.dat'
fine = 'spectrum_fine.dat'
if (!exists("caption")) caption = ""
if (!exists("experiment")) experiment = ""
if (!exists("labels")) labels = ""
# gnuplot takes "1e-3" for an integer with a tail, but not "1.e-3".
number(s) = strstrt(s, ".") || !strstrt(s, "e") ? real(s) : \
            real(s[1:strstrt(s, "e")-1] . "." . s[strstrt(s, "e"):*])

# A caption that is too long is broken after spaces.
last_space(s, i) = i < 1 ? 95 : s[i:i] eq " " ? i : last_space(s, i - 1)
wrap(s) = strlen(s) <= 95 ? s : \
          s[1:last_space(s, 95)] . "\n" . wrap(s[last_space(s, 95)+1:*])
# A name as it is, for an enhanced text.
plain(s) = strlen(s) == 0 ? "" : \
           (strstrt("_^{}@&~\\", s[1:1]) ? "\\" : "") . s[1:1] . plain(s[2:*])
# The same, with the mass number of an isotope raised where a word or a term of a sum begins.
digit(s) = strlen(s) > 0 && strstrt("0123456789", s[1:1])
mass_number(s) = digit(s) ? s[1:1] . mass_number(s[2:*]) : ""
element(s) = strlen(s) > 0 && strstrt("ABCDEFGHIJKLMNOPQRSTUVWXYZ", s[1:1])
starts(s, a) = a && digit(s) && element(s[strlen(mass_number(s))+1:*])
nuclide(s, a) = strlen(s) == 0 ? "" : starts(s, a) ? \
    "^{" . mass_number(s) . "}" . nuclide(s[strlen(mass_number(s))+1:*], 0) : \
    plain(s[1:1]) . nuclide(s[2:*], strstrt(" +-(", s[1:1]))
# An entry of a list, without the spaces around it.
item(s, i) = strstrt(s, ",") ? \
    (i == 1 ? trim(s[1:strstrt(s, ",")-1]) : item(s[strstrt(s, ",")+1:*], i - 1)) : \
    i == 1 ? trim(s) : ""
finite(v) = abs(v) < 1e300 ? v : NaN
# A column as text: a nan in $5 would keep the whole expression from being evaluated.
entry(c) = strstrt(strcol(c), "n") ? NaN : number(strcol(c))

# How many rows and blocks there are. With the comments read as rows no table is empty, of which
# gnuplot would warn.
rows = 0
blocks = 0
last = -1
count(s, b) = s[1:1] eq "#" ? 0 : \
    (rows = rows + 1, blocks = b == last ? blocks : blocks + 1, last = b, 1)
set datafile commentschars ""
stats fine using (count(strcol(1), column(-2))) nooutput name "T"
fine_blocks = blocks
rows = 0
blocks = 0
last = -1
stats data using (count(strcol(1), column(-2))) nooutput name "T"
set datafile commentschars
n = exists("n_blocks") ? int(n_blocks) : blocks
if (n > blocks) { n = blocks }
# Without the fine table the curves are the values in the bins.
smooth = fine_blocks >= n
curve = smooth ? fine : data
signal = smooth ? 3 : 2
background = signal + 1
total = signal + 2

# The bins: edges half way between the centres.
bins = 0
array centre[rows + 1]
if (n > 0) {
    stats data index 0 using (bins = bins + 1, centre[bins] = $1, 1) nooutput name "B"
}
gap(i) = i < 1 || i >= bins ? 1e300 : centre[i+1] - centre[i]
half(i) = bins < 2 ? 0.5 : 0.5*(gap(i-1) < gap(i) ? gap(i-1) : gap(i))
first = bins ? centre[1] - half(1) : 0
end = bins ? centre[bins] + half(bins) : 30
xa = exists("x_min") ? number(x_min) : first > 0 && first < 0.2*end ? 0 : first
xb = exists("x_max") ? number(x_max) : end
if (xb <= xa) { xb = xa + 1 }

# What there is to draw, and up to which rate. gnuplot reads what a loop of no steps would draw:
# then let it be $none.
$none << EOD
0 0 0 0 0 0
EOD
none = "$none"
high = 0
low = 0
reach(x, v) = (high = x >= xa && x <= xb && v < 1e300 && v > high ? v : high, \
               low = x >= xa && x <= xb && v > -1e300 && v < low ? v : low, abs(v) < 1e300)
points = 0
backgrounds = 0
signals = 0
totals = 0
array label[n + 1]
array s[n + 1]
array t[n + 1]
label[1] = ""
s[1] = t[1] = 1
if (n > 0) {
    stats data index 0 using (reach(entry(1), entry(5)) && reach(entry(1), entry(5) + entry(6)) ? \
        (points = points + 1) : 0) nooutput name "B"
    stats curve index 0 using (reach(entry(1), entry(background)) ? \
        (backgrounds = backgrounds + 1) : 0) nooutput name "B"
}
do for [i = 1:n] {
    some = 0
    stats curve index i-1 using (some = some || reach(entry(1), entry(signal))) \
        nooutput name "B"
    if (some) { signals = signals + 1; s[signals] = i }
    some = 0
    stats curve index i-1 using (some = some || reach(entry(1), entry(total))) \
        nooutput name "B"
    if (some) { totals = totals + 1; t[totals] = i }
    label[i] = nuclide(item(labels, i), 1)
}
yb = exists("y_max") ? number(y_max) : high > 0 ? 1.08*high : 1
ya = 1.08*low

# One signal: as in the paper. Several: a colour and a dash each, the signal thin.
array colour[8] = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", \
                   "#7F7F7F", "#8C510A"]
k(i) = 1 + (i - 1) % 8
hue(i) = colour[k(i)]
set linetype 1 dt 1
set linetype 2 dt (14,5,3,5)
set linetype 3 dt (6,4)
set linetype 4 dt (2,4)
set linetype 5 dt (20,5,3,5,3,5)
set linetype 6 dt (12,3)
set linetype 7 dt (3,8)
set linetype 8 dt (8,8)
name(i) = label[i] eq "" ? (n > 1 ? sprintf("signal %d", i) : "signal") : label[i]
one(i) = label[i] eq "" ? "signal" : "signal, " . label[i]
what = experiment eq "" ? "data" : plain(experiment) . " data"

# The legend goes below, in as many columns as the longest name leaves room for.
longest = strlen(what)
do for [i = 1:n] { longest = strlen(item(labels, i)) > longest ? strlen(item(labels, i)) : longest }
columns = n < 2 ? 2 : longest < 15 ? 4 : longest < 22 ? 3 : 2
entries = (points > 0) + (backgrounds > 0) + totals + (n == 1)*signals
if (entries == 0) { set label 1 "no data" at graph 0.5, graph 0.5 center tc rgb "#808080" }
key_rows = (entries + columns - 1)/columns + (n > 1)
lines(s) = strlen(s) <= 95 ? 1 : 1 + lines(s[last_space(s, 95)+1:*])
bottom = 0.155 + 0.038*key_rows
set lmargin at screen 0.115
set rmargin at screen 0.955
set tmargin at screen 0.945 - 0.025*lines(caption)
set bmargin at screen bottom

set xrange [xa:xb]
set yrange [ya:yb]
set xtics format "%g"
set ytics format "%g"
set mxtics
set mytics
set tics scale 1.5, 0.75
set xlabel 'Recoil energy [keV]'
set ylabel 'Events / (t yr keV)'
set title wrap(caption) font ",14" noenhanced
set key at screen 0.535, screen bottom-0.12 top center horizontal Left reverse samplen 3 \
    spacing 1.3 maxcols columns font ",17"
if (n > 1) { set key title "Thick: background + signal; thin: signal" }
set border lw 1.5
set errorbars small

do for [kind in "png pdf"] {
    if (kind eq "png") { set terminal pngcairo size 1200,900 font "Sans,20" }
    if (kind eq "pdf") { set terminal pdfcairo size 8in,6in font "Sans,20" fontscale 0.5 }
    set output 'spectrum.' . kind
    plot NaN notitle, \
         for [i = 1:points > 0] (points ? data : none) index 0 \
             using 1:(finite($5)):(finite($6)) with yerrorbars pt 7 ps 1.3 lw 2 dt 1 \
             lc rgb "#000000" title what, \
         for [i = 1:backgrounds > 0] (backgrounds ? curve : none) index 0 \
             using 1:(finite(column(background))) with lines lw 3 dt (12,6) \
             lc rgb "#000000" title 'background', \
         for [i = 1:signals] (signals ? curve : none) index s[i]-1 \
             using 1:(finite(column(signal))) with lines lt k(s[i]) lw (n > 1 ? 2.5 : 3.5) \
             lc rgb (n > 1 ? hue(s[i]) : "#D55E00") title (n > 1 ? "" : one(1)), \
         for [i = 1:totals] (totals ? curve : none) index t[i]-1 \
             using 1:(finite(column(total))) with lines lt k(t[i]) lw 4.5 \
             lc rgb hue(t[i]) title (n > 1 ? name(t[i]) : 'background + signal'), \
         for [i = 1:points > 0] (points ? data : none) index 0 \
             using 1:(finite($5)):(finite($6)) with yerrorbars pt 7 ps 1.3 lw 2 dt 1 \
             lc rgb "#000000" notitle
    unset output
}
