# Nuclides per baryon for each reheating temperature: abundances.dat -> abundances.png,
# abundances.pdf
# Variables, all strings, all optional: caption, n_blocks (the number of reheating temperatures).
set encoding utf8
data = 'abundances.dat'
if (!exists("caption")) caption = ""

# A caption that is too long is broken after spaces.
last_space(s, i) = i < 1 ? 95 : s[i:i] eq " " ? i : last_space(s, i - 1)
wrap(s) = strlen(s) <= 95 ? s : \
          s[1:last_space(s, 95)] . "\n" . wrap(s[last_space(s, 95)+1:*])
# The panel leaves room for the lines of the title.
lines(s) = strlen(s) <= 95 ? 1 : 1 + lines(s[last_space(s, 95)+1:*])
top = 0.875 - 0.022*lines(caption)
foot = 0.11
less(a, b) = a < b ? a : b
more(a, b) = a > b ? a : b
# Fewer nuclides, and what comes before the hottest, are not shown.
fewest = 1e-16
hottest = 3
seen(v) = v >= 1e-3*fewest && v < 1e300 ? v : NaN

stats data using 2 nooutput name "T"
n = exists("n_blocks") ? int(n_blocks) : int(T_blocks)
left = less(T_max, hottest)
right = T_min*0.9999

array nuclide[8] = ["n", "p", "d", "t", "^3He", "^4He", "^7Li", "^7Be"]
array colour[8] = [0x7F7F7F, 0x000000, 0x0072B2, 0x56B4E9, 0xE69F00, 0xD55E00, 0xCC79A7, 0x009E73]

# Labels where the lines of the first block end, pushed apart; of a line that falls out of sight,
# where it does.
array end[8]
array out[8]
last = 0
crossed = left
do for [k = 1:8] {
    stats data index 0 using (last = column(3+k), \
        crossed = last > 10*fewest && $2 < left ? $2 : crossed, 1) nooutput name "L"
    end[k] = last > fewest ? log10(last) : 1
    out[k] = crossed
}
gap = 0.62
do for [round = 1:300] {
    do for [i = 1:8] {
        do for [j = 1:8] {
            apart = end[j] - end[i]
            if (i != j && end[i] < 1 && end[j] < 1 && apart >= 0 && apart < gap) {
                shift = 0.5*(gap - apart) + 1e-3
                end[i] = end[i] - shift
                end[j] = end[j] + shift
            }
        }
    }
}

# Reheating temperatures: dashes up to four, else from faint to full.
array label[n]
do for [i = 1:n] {
    stats data index i-1 using 1:2 nooutput name "B"
    stats data index i-1 using (last = $9, 1) nooutput name "L"
    label[i] = sprintf("T_{RH} = %g MeV: %.4f", B_max_x, 4*last)
}
set linetype 1 dt 1
set linetype 2 dt (12,5)
set linetype 3 dt (3,4)
set linetype 4 dt (16,4,3,4)
dash(i) = n <= 4 ? i : 1
pale(i) = n <= 4 ? 0 : 0.75*(n - i)/(n - 1.)
channel(c, s) = int(c + s*(255 - c))
paint(c, i) = 65536*channel(c/65536, pale(i)) + 256*channel(c/256%256, pale(i)) + \
              channel(c%256, pale(i))
thick(i) = n > 4 ? 2 : i == 1 ? 3.5 : 2.5
# The first of few is on top, the last of many.
drawn(j) = n <= 4 ? n + 1 - j : j
small = sprintf(",%d", less(16, more(4, 330/n)))

# Labels between powers of ten where there is room for them.
MeV_per_GK = 0.08617333
set logscale x
set logscale x2
set logscale y
set xrange [left:right] noreverse
set x2range [left/MeV_per_GK:right/MeV_per_GK] noreverse
set yrange [fewest:5]
set xtics nomirror format "%g" font ",18"
set x2tics format "%g" font ",18"
if (left < 1500*right) {
    set xtics add (0.002, 0.005, 0.02, 0.05, 0.2, 0.5, 2)
    set x2tics add (0.02, 0.05, 0.2, 0.5, 2, 5, 20)
}
set ytics 100 format "10^{%L}"
set mxtics
set mx2tics
unset mytics
set tics scale 1.5, 0.75
set border lw 1.5
set xlabel 'Photon temperature T [MeV]'
set x2label 'T_9 = T / 10^9 K' offset 0,-0.3
set ylabel 'Nuclides per baryon' offset 0.5,0
heading(s) = "{/=16 " . s . "}"

set lmargin at screen 0.125
set rmargin at screen 0.665
set tmargin at screen top
set bmargin at screen foot
do for [k = 1:8] {
    if (end[k] < 1) {
        set label k nuclide[k] at graph 1.015, first 10**end[k] left front tc rgb colour[k] \
            font ",18"
    } else {
        set label k nuclide[k] at first out[k], first 10*fewest right offset -1,0 front \
            tc rgb colour[k] font ",18"
    }
}

do for [kind in "png pdf"] {
    if (kind eq "png") { set terminal pngcairo size 1300,1000 font "Sans,20" }
    if (kind eq "pdf") { set terminal pdfcairo size 8in,6.154in font "Sans,20" fontscale 0.5 }
    set output 'abundances.' . kind
    set title wrap(caption) font ",14" noenhanced offset 0,0.5
    set key at screen 0.735, screen top top left Left reverse samplen 2 spacing 1.3 \
        font small title heading("^4He by mass, Y_p") left
    plot for [j = 1:n] for [k = 1:8] data index drawn(j)-1 using 2:(seen(column(3+k))) \
             with lines lt dash(drawn(j)) lw thick(drawn(j)) lc rgb paint(colour[k], drawn(j)) \
             notitle, \
         for [i = 1:n] NaN with lines lt dash(i) lw thick(i) lc rgb paint(0, i) title label[i]
    unset output
}
