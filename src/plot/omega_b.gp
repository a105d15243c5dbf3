# Light elements against the density of baryons: omega_b.dat -> omega_b.png, omega_b.pdf
# Variables, all strings, all optional: caption, T_RH (MeV), omega_b and omega_b_error (measured
# at the CMB); of each of Y_p, D_H, He3_H and Li7_H a measured _value, its _error, and _used ("0":
# not for verdicts).
set encoding utf8
data = 'omega_b.dat'
if (!exists("caption")) caption = ""
# gnuplot takes "1e-3" for an integer with a tail, but not "1.e-3".
number(s) = strstrt(s, ".") || !strstrt(s, "e") ? real(s) : \
            real(s[1:strstrt(s, "e")-1] . "." . s[strstrt(s, "e"):*])
if (exists("T_RH")) { caption = caption . sprintf("; T_RH = %g MeV", number(T_RH)) }

# A caption that is too long is broken after spaces.
last_space(s, i) = i < 1 ? 95 : s[i:i] eq " " ? i : last_space(s, i - 1)
wrap(s) = strlen(s) <= 95 ? s : \
          s[1:last_space(s, 95)] . "\n" . wrap(s[last_space(s, 95)+1:*])
# The panels leave room for the lines of the title.
lines(s) = strlen(s) <= 95 ? 1 : 1 + lines(s[last_space(s, 95)+1:*])
top = 0.915 - 0.015*lines(caption)
foot = 0.072
gap = 0.008
array part[5] = [0, 0.26, 0.54, 0.74, 1]
edge(k) = top - (top - foot)*part[k]
less(a, b) = a < b ? a : b
more(a, b) = a > b ? a : b

# Panels: names, powers of ten of the labels, colours.
array word[4] = ["Y_p", "D_H", "He3_H", "Li7_H"]
array axis[4] = ["Y_p", "D / H", "^3He / H", "^7Li / H"]
array heading[4] = ["^4He by mass, Y_p", "D / H", "^3He / H", "^7Li / H"]
array power[4] = [0, 5, 5, 10]
array colour[4] = [0xD55E00, 0x0072B2, 0xB07800, 0xAA3377]
column_of(k) = 1 + 2*k

array value[4]
array error[4]
array used[4]
do for [k = 1:4] {
    eval sprintf("known = exists(\"%s_value\") && exists(\"%s_error\")", word[k], word[k])
    value[k] = error[k] = used[k] = -1
    if (known) {
        eval sprintf("value[k] = number(%s_value)", word[k])
        eval sprintf("error[k] = number(%s_error)", word[k])
        eval sprintf("used[k] = exists(\"%s_used\") ? number(%s_used) > 0 : 1", word[k], word[k])
    }
}
digits(k) = k == 1 ? "%.4f ± %.4f" : power[k] == 5 ? "(%.4g ± %.2g) × 10^{-5}" : \
            "(%.3g ± %.2g) × 10^{-10}"
written(k) = sprintf(digits(k), value[k]*10**power[k], error[k]*10**power[k])

# What is to be seen: the predictions and the measurements with their errors.
stats data using 1 nooutput name "X"
stats data using ($2/$1) nooutput name "ETA"
wide = X_max > X_min ? 1 : 1.3
x_left = X_min/wide
x_right = X_max*wide
array low[4]
array high[4]
array predicted[4]
do for [k = 1:4] {
    c = column_of(k)
    stats data using (column(c) - column(c+1)) nooutput name "LOW"
    stats data using (column(c) + column(c+1)) nooutput name "HIGH"
    predicted[k] = HIGH_max > LOW_max ? "predicted, 1σ" : "predicted"
    low[k] = LOW_min
    high[k] = HIGH_max
    if (used[k] >= 0) {
        low[k] = less(low[k], value[k] - error[k])
        high[k] = more(high[k], value[k] + error[k])
    }
    if (k > 1 && low[k] <= 0) { low[k] = 0.1*HIGH_min }
    margin = k == 1 ? 0.08*(high[k] - low[k]) + 1e-5 : (high[k]/low[k])**0.08*1.02
    low[k] = k == 1 ? low[k] - margin : low[k]/margin
    high[k] = k == 1 ? high[k] + margin : high[k]*margin
}

set linetype 1 dt 1
set logscale x
set logscale x2
set xrange [x_left:x_right]
# eta_10 = 10^10 n_b/n_gamma goes with omega_b
set x2range [1e10*ETA_mean*x_left:1e10*ETA_mean*x_right]
set xtics nomirror
set x2tics format "%g"
# Labels between powers of ten where there is room for them.
if (x_right < 150*x_left) {
    set xtics add (0.0002, 0.0005, 0.002, 0.005, 0.02, 0.05, 0.2, 0.5)
    set x2tics add (0.05, 0.2, 0.5, 2, 5, 20, 50)
}
set mxtics
set mx2tics
set tics scale 1.5, 0.75
set border lw 1.5
big(s) = "{/=17 " . s . "}"
cmb = exists("omega_b") && exists("omega_b_error")
cmb_low = cmb ? more(x_left, number(omega_b) - number(omega_b_error)) : 1
cmb_high = cmb ? less(x_right, number(omega_b) + number(omega_b_error)) : 0
cmb = cmb_high > cmb_low
sky = 0x56B4E9
grey = 0x606060

do for [kind in "png pdf"] {
    if (kind eq "png") { set terminal pngcairo size 1300,1600 font "Sans,20" }
    if (kind eq "pdf") { set terminal pdfcairo size 8in,9.846in font "Sans,20" fontscale 0.5 }
    set output 'omega_b.' . kind
    set multiplot
    set lmargin at screen 0.15
    set rmargin at screen 0.68
    set title wrap(caption) font ",14" noenhanced offset 0,0.5
    set x2label 'η_{10} = 10^{10} n_b / n_γ' offset 0,-0.3
    do for [k = 1:4] {
        set tmargin at screen edge(k) - (k > 1 ? gap : 0)
        set bmargin at screen edge(k+1) + (k < 4 ? gap : 0)
        set xtics format (k == 4 ? "%g" : "")
        if (k == 4) { set xlabel 'Baryons today, ω_b = Ω_b h^2' }
        if (k > 1) {
            set logscale y
            set format y "10^{%L}"
            set mytics 10
            set ytics autofreq
            if (high[k] < 30*low[k]) {
                do for [d = -15:0] {
                    set ytics add (sprintf("2×10^{%d}", d) 2*10.**d, \
                        sprintf("5×10^{%d}", d) 5*10.**d)
                }
            }
        } else {
            set format y "%g"
            set mytics
        }
        set yrange [low[k]:high[k]]
        set label 1 axis[k] at screen 0.03, graph 0.5 center rotate
        if (cmb) {
            set object 1 rectangle from cmb_low, graph 0 to cmb_high, graph 1 behind \
                fc rgb sky fs transparent solid 0.5 noborder
        }
        if (used[k] > 0) {
            set object 2 rectangle from graph 0, first value[k]-error[k] \
                to graph 1, first value[k]+error[k] behind fc rgb grey \
                fs transparent solid 0.35 border lc rgb grey
        }
        if (used[k] == 0) {
            set object 2 rectangle from graph 0, first value[k]-error[k] \
                to graph 1, first value[k]+error[k] behind fc rgb grey \
                fs transparent pattern 4 border lc rgb grey
        }
        c = column_of(k)
        set key at screen 0.70, graph 1 top left Left reverse samplen 2 spacing 1.35 font ",16" \
            title big(heading[k]) left
        plot data using 1:(column(c)-column(c+1)):(column(c)+column(c+1)) with filledcurves \
                 fc rgb colour[k] fs transparent solid 0.45 noborder title predicted[k], \
             data using 1:c with lines lt 1 lw 2 lc rgb colour[k] notitle, \
             for [j = 1:X_max == X_min] data using 1:c with points pt 7 ps 1.5 \
                 lc rgb colour[k] notitle, \
             for [j = 1:used[k] > 0] NaN with boxes fc rgb grey fs transparent solid 0.35 \
                 border lc rgb grey title 'measured, 1σ', \
             for [j = 1:used[k] == 0] NaN with boxes fc rgb grey fs transparent pattern 4 \
                 border lc rgb grey title 'measured, not for verdicts', \
             for [j = 1:used[k] >= 0] NaN with dots lc rgb "#ffffff" title written(k), \
             for [j = 1:(k == 1 && cmb)] NaN with boxes fc rgb sky fs transparent solid 0.5 \
                 noborder title 'ω_b at the CMB'
        unset object
        unset title
        unset x2label
        set x2tics format ""
    }
    unset xlabel
    unset logscale y
    set ytics autofreq
    set x2tics format "%g"
    unset multiplot
    unset output
}
