# The smallest dipole moment that thermalises N, against its mass: curves.dat -> curves.png, .pdf
# Variables, all strings, all optional: caption, n_blocks (the number of curves),
# x_min, x_max (keV), y_min, y_max (Bohr magnetons).
set encoding utf8
data = 'curves.dat'
if (!exists("caption")) caption = ""
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
# What a logarithmic axis can show; nan, inf and what is not positive leave a gap.
positive(v) = v > 0 && v < 1e300 ? v : NaN

# The ranges: the curves, and whole decades of d.
low = 1e300
high = 0
mlow = 1e300
mhigh = 0
look(m, d) = (m > 0 && d > 0 && d < 1e300 ? \
    (low = d < low ? d : low, high = d > high ? d : high, \
     mlow = m < mlow ? m : mlow, mhigh = m > mhigh ? m : mhigh, 1) : 0)
stats data using 2 nooutput name "T"
n = exists("n_blocks") ? int(n_blocks) : int(T_blocks)
stats data using (look($3, $4)) nooutput name "S"
if (high == 0) { low = 1e-14; high = 1e-9; mlow = 1; mhigh = 1e4 }
if (mlow == mhigh) { mlow = mlow/2; mhigh = mhigh*2 }
xa = exists("x_min") ? number(x_min) : mlow
xb = exists("x_max") ? number(x_max) : mhigh
ya = exists("y_min") ? number(y_min) : 10**floor(log10(low*0.999))
yb = exists("y_max") ? number(y_max) : 10**ceil(log10(high*1.2))

# Colour by treatment, dash by reheating temperature.
array label[n]
array treatment[n]
array temperature[n]
array c[n]
array d[n]
nc = 0
nd = 0
do for [i = 1:n] {
    name = ""
    value = 0
    stats data index i-1 using (name = strcol(1), value = $2, 1) nooutput name "B"
    treatment[i] = name
    temperature[i] = value
    label[i] = plain(name) . sprintf(", T_{RH} = %g MeV", value)
    c[i] = 0
    d[i] = 0
    do for [j = 1:i-1] {
        if (treatment[j] eq name) { c[i] = c[j] }
        if (temperature[j] == value) { d[i] = d[j] }
    }
    if (c[i] == 0) { nc = nc + 1; c[i] = nc }
    if (d[i] == 0) { nd = nd + 1; d[i] = nd }
}

array colour[7] = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000"]
hue(i) = colour[1 + (c[i] - 1) % 7]
k(i) = 1 + (d[i] - 1) % 6
# In grey print the treatments differ by the width.
width(i) = 2 + 1.8*((c[i] - 1) % 3)
set linetype 1 dt 1
set linetype 2 dt (14,6)
set linetype 3 dt (6,4)
set linetype 4 dt (14,5,3,5)
set linetype 5 dt (2,4)
set linetype 6 dt (20,5,3,5,3,5)

set logscale xy
set xrange [xa:xb]
set yrange [ya:yb]
set xtics format xb/xa < 200 ? "%g" : "10^{%L}"
if (xb/xa < 200) {
    do for [e = -6:9] { set xtics add (2*10.**e, 5*10.**e) }
}
set ytics format "10^{%L}"
if (yb/ya < 50) {
    do for [e = -30:0] {
        set ytics add (sprintf("2×10^{%d}", e) 2*10.**e, sprintf("5×10^{%d}", e) 5*10.**e)
    }
}
set mxtics
set mytics
set tics scale 1.5, 0.75
set xlabel 'm_4 [keV]'
set ylabel 'd_{th} [μ_B]'
set title wrap(caption) font ",14" noenhanced
set key below center horizontal Left reverse samplen 4 spacing 1.3 maxcols 2 font ",17" \
    title "N thermalises above its curve"
set border lw 1.5

do for [kind in "png pdf"] {
    if (kind eq "png") { set terminal pngcairo size 1200,900 font "Sans,20" }
    if (kind eq "pdf") { set terminal pdfcairo size 8in,6in font "Sans,20" fontscale 0.5 }
    set output 'curves.' . kind
    plot for [i = 1:n] data index i-1 using 3:(positive($4)) \
             with filledcurves y1=yb fc rgb hue(i) fs transparent solid 0.2/n noborder notitle, \
         for [i = 1:n] data index i-1 using 3:(positive($4)) \
             with lines lt k(i) lw width(i) lc rgb hue(i) title label[i]
    unset output
}
