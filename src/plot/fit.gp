# Regions of mass and dipole moment that fit an experiment, and upper limits of others (Fig. 2 of
# arXiv:2007.05513): contours.dat, best.dat, limits.dat -> fit.png, fit.pdf
# Variables, all strings, all optional: caption, experiment (the fitted one), sources (the names of
# those to draw, separated by commas; otherwise all), n_sources (how many of them), exclusion (the
# experiments of limits.dat whose upper limits are drawn, separated by commas), names and
# titles (of all experiments, for the legend), kind_of_contours ("discovery": 3 sigma is the innermost), n_contours,
# n_limits (the number of blocks), m_min, m_max (keV), d_min, d_max (Bohr magnetons).
# If there are no regions and one mass only, the limits are drawn source by source.
set encoding utf8
contours = 'contours.dat'
best = 'best.dat'
limits = 'limits.dat'
if (!exists("caption")) caption = ""
if (!exists("experiment")) experiment = ""
if (!exists("sources")) sources = ""
if (!exists("exclusion")) exclusion = ""
if (!exists("names")) names = ""
if (!exists("titles")) titles = ""
discovery = exists("kind_of_contours") && kind_of_contours eq "discovery"
# gnuplot takes "1e-3" for an integer with a tail, but not "1.e-3".
number(s) = strstrt(s, ".") || !strstrt(s, "e") ? real(s) : \
            real(s[1:strstrt(s, "e")-1] . "." . s[strstrt(s, "e"):*])

# A caption that is too long is broken after spaces.
last_space(s, i) = i < 1 ? 95 : s[i:i] eq " " ? i : last_space(s, i - 1)
wrap(s) = strlen(s) <= 95 ? s : \
          s[1:last_space(s, 95)] . "\n" . wrap(s[last_space(s, 95)+1:*])
lines(s) = strlen(s) <= 95 ? 1 : 1 + lines(s[last_space(s, 95)+1:*])
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
# Lists: how many entries, and one of them without the spaces around it.
items(s) = strlen(s) == 0 ? 0 : strstrt(s, ",") ? 1 + items(s[strstrt(s, ",")+1:*]) : 1
item(s, i) = strstrt(s, ",") ? \
    (i == 1 ? trim(s[1:strstrt(s, ",")-1]) : item(s[strstrt(s, ",")+1:*], i - 1)) : \
    i == 1 ? trim(s) : ""
find(list, s, i) = i > items(list) ? 0 : item(list, i) eq s ? i : find(list, s, i + 1)
title_of(s) = find(names, s, 1) && items(titles) >= find(names, s, 1) ? \
              item(titles, find(names, s, 1)) : s
joined(list, s) = s eq list ? list : find(list, s, 1) ? list : list eq "" ? s : list . "," . s
# A column as text: a nan in $5 would keep the whole expression from being evaluated.
entry(c) = strstrt(strcol(c), "n") ? NaN : number(strcol(c))
# What a logarithmic axis can show.
positive(v) = v > 0 && v < 1e300 ? v : NaN

# How many rows and blocks there are, and all names. With the comments read as rows no table is
# empty, of which gnuplot would warn.
rows = 0
blocks = 0
last = -1
found = ""
experiments = ""
added = ""
add(s) = s eq added ? 0 : (added = s, found = joined(found, s), 1)
count(s, b) = s eq "#" ? 0 : \
    (rows = rows + 1, blocks = b == last ? blocks : blocks + 1, last = b, 1)
set datafile commentschars ""
stats best using (count(strcol(1)[1:1], column(-2)) ? (add(strcol(1)), 1) : 0) \
    nooutput name "B"
best_rows = rows
rows = 0
blocks = 0
last = -1
stats contours using (count(strcol(1)[1:1], column(-2)) ? \
    (add(strcol(1)), 1) : 0) nooutput name "B"
contour_rows = rows
nc = exists("n_contours") && int(n_contours) < blocks ? int(n_contours) : blocks
rows = 0
blocks = 0
last = -1
stats limits using (count(strcol(1)[1:1], column(-2)) ? (add(strcol(2)), \
    experiments = joined(experiments, strcol(1)), 1) : 0) nooutput name "B"
nl = exists("n_limits") && int(n_limits) < blocks ? int(n_limits) : blocks
set datafile commentschars
if (sources eq "") { sources = found }
n = exists("n_sources") && int(n_sources) < items(sources) ? int(n_sources) : items(sources)
# The number of a source, or 0; looked up when the name changes.
name_before = ""
number_before = 0
source(s) = s eq name_before ? number_before : (name_before = s, \
    number_before = find(sources, s, 1), \
    number_before = number_before > n ? 0 : number_before)

# The ranges: what is drawn, unless they are given.
mlow = 1e300
mhigh = 0
dlow = 1e300
dhigh = 0
look(m, d) = m > 0 && m < 1e300 && d > 0 && d < 1e300 ? \
    (mlow = m < mlow ? m : mlow, mhigh = m > mhigh ? m : mhigh, \
     dlow = d < dlow ? d : dlow, dhigh = d > dhigh ? d : dhigh, 1) : 0

# The regions, from the widest to the narrowest so that none is hidden; a region is all polygons of
# a source and a level. For the fill they are one path that goes from the first point of a polygon
# to that of the next, and back in the end: so its holes stay empty.
array region_of[3*n + 1]
array level[3*n + 1]
region_of[1] = level[1] = 1
array block_of[nc + 1]
array block_level[nc + 1]
array from[nc + 1]
array to[nc + 1]
array px[contour_rows + 1]
array py[contour_rows + 1]
regions = 0
r = 0
if (nc > 0) {
    do for [j = 1:nc] { from[j] = 1; block_of[j] = to[j] = 0 }
    stats contours using (j = column(-2) + 1, j > nc ? 0 : (r = r + 1, px[r] = entry(3), \
        py[r] = entry(4), block_of[j] = source(strcol(1)), block_level[j] = int(entry(2)), \
        from[j] = to[j] ? from[j] : r, to[j] = r, block_of[j] ? look(px[r], py[r]) : 0, 1)) \
        nooutput name "B"
}
point(r) = sprintf("%.17g %.17g", px[r], py[r])
do for [fill = 0:1] {
    if (fill) { set print $fill } else { set print $edge }
    do for [rank = 3:1:-1] {
        sigma = discovery ? 4 - rank : rank
        do for [i = 1:n] {
            back = ""
            do for [j = 1:nc] {
                if (block_of[j] == i && block_level[j] == sigma && to[j] > from[j] + 1) {
                    if (!fill && back ne "") { print "" }
                    back = point(from[j]) . "\n" . back
                    do for [r = from[j]:to[j]] { print point(r) }
                }
            }
            if (fill && back ne "") {
                print back
                regions = regions + 1
                region_of[regions] = i
                level[regions] = rank
            }
            if (back ne "") {
                print ""
                print ""
            }
        }
    }
    unset print
}

# The best fits, by source.
array has_fit[n + 1]
array fit_of[n + 1]
do for [i = 1:n+1] { has_fit[i] = 0; fit_of[i] = 1 }
fits = 0
if (best_rows > 0) {
    stats best using (i = source(strcol(1)), i && look(entry(2), entry(3)) ? \
        (has_fit[i] = 1) : 0) nooutput name "B"
}
do for [i = 1:n] {
    if (has_fit[i]) { fits = fits + 1; fit_of[fits] = i }
}

# The upper limits of the experiments in `exclusion`; those at one mass are not lines.
array limit_of[nl + 1]
array limit_by[nl + 1]
array points[nl + 1]
array limit[nl + 1]
do for [j = 1:nl+1] { limit_of[j] = limit_by[j] = limit[j] = 1; points[j] = 0 }
drawn = ""
only = 0
n_limits_drawn = 0
if (nl > 0) {
    stats limits using (j = column(-2) + 1, j <= nl ? (limit_of[j] = source(strcol(2)), \
        limit_by[j] = find(exclusion, strcol(1), 1), \
        only = entry(3) == only || only == 0 ? entry(3) : -1, \
        limit_of[j] && limit_by[j] && look(entry(3), entry(7)) ? (points[j] = points[j] + 1, \
        drawn = joined(drawn, strcol(1))) : 0, 1) : 0) nooutput name "B"
}
do for [j = 1:nl] {
    if (points[j]) { n_limits_drawn = n_limits_drawn + 1; limit[n_limits_drawn] = j }
}

# One mass: best fits and limits, source by source, next to each other in slots.
one_mass = n > 0 && regions == 0 && only >= 0 && (mhigh > 0 ? mlow == mhigh : only > 0)
mass = mhigh > 0 ? mlow : only
ne = one_mass ? items(experiments) : 0
array bars[ne + 1]
array tops[ne + 1]
array dots[ne + 1]
do for [k = 1:ne+1] { bars[k] = tops[k] = dots[k] = 0 }
shown = 0
see(d) = look(mass, d) ? (shown = shown + 1, 1) : 0
if (ne) {
    stats limits using (i = source(strcol(2)), k = find(experiments, strcol(1), 1), \
        !i ? 0 : (see(entry(7)) ? (see(entry(6)) ? (bars[k] = bars[k] + 1) : \
        (tops[k] = tops[k] + 1)) : 0, see(entry(4)) ? (dots[k] = dots[k] + 1) : 0, 1)) \
        nooutput name "B"
}
slots = ne + (fits > 0)
width = slots > 2 ? 0.8/slots : 0.25
slot(i, k) = i + width*(k + (fits > 0) - 0.5*(slots + 1))
# Where a row of limits.dat is drawn, if it is one of experiment k; with an interval, or without.
place(k) = strcol(1) eq item(experiments, k) && source(strcol(2)) ? slot(source(strcol(2)), k) : NaN
bar(k) = entry(6) > 0 ? place(k) : NaN
top(k) = entry(6) > 0 ? NaN : place(k)

if (mhigh == 0) { mlow = 10; mhigh = 1e3 }
if (dhigh == 0) { dlow = 1e-11; dhigh = 1e-8 }
xa = exists("m_min") ? number(m_min) : mlow/1.2
xb = exists("m_max") ? number(m_max) : mhigh*1.2
ya = exists("d_min") ? number(d_min) : dlow/1.5
yb = exists("d_max") ? number(d_max) : dhigh*1.5
if (!(xa > 0 && xb > xa)) { xa = mlow/1.5; xb = mhigh*1.5 }
if (!(ya > 0 && yb > ya)) { ya = dlow/1.5; yb = dhigh*1.5 }

# A colour and a symbol a source, a dash an experiment. The region of a level is drawn on top of
# the wider ones: it gets darker towards the best fit.
array colour[8] = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", \
                   "#7F7F7F", "#8C510A"]
array symbol[6] = [13, 7, 9, 5, 11, 15]
array name[n + 1]
name[1] = ""
do for [i = 1:n] { name[i] = nuclide(item(sources, i), 1) }
hue(i) = colour[1 + (i - 1) % 8]
mark(i) = symbol[1 + (i - 1) % 6]
# The diamond looks smaller than the others.
large(i) = mark(i) == 13 ? 1.25 : 1
dash(k) = 1 + (k - 1) % 4
# Regions below the best point: 3 sigma, which often holds no signal at all, is a line only.
opacity(s) = s > 2 ? (discovery ? 0.14 : 0) : s > 1 ? 0.22 : 0.42
set linetype 1 dt (10,5)
set linetype 2 dt (3,4)
set linetype 3 dt (14,5,3,5)
set linetype 4 dt (20,4)

# The arrows that point where a limit excludes: seven or so a line, not at the same masses for
# all sources.
seen = 0
rise = (yb/ya)**0.035 - 1
arrow(j, r, m, d) = (seen = r == 0 ? 0 : seen, m > 0 && d > 0 ? (seen = seen + 1, \
    (seen + limit_of[j] + 3*limit_by[j]) % (1 + points[j]/7) == 0 || points[j] < 2 ? d : NaN) : NaN)

# Ticks: decades; 1, 2, 5 below two of them; even steps below one, "2.5×10^{-9}" along y.
round(x) = x < 1.5 ? 1 : x < 3 ? 2 : x < 7 ? 5 : 10
nice(x) = 10**floor(log10(x))*round(x/10**floor(log10(x)))
power(v, e) = sprintf("%g×10^{%d}", v/10.**e, e)
inside(v, a, b) = v < a*(1 + 1e-9) ? a*(1 + 1e-9) : v > b*(1 - 1e-9) ? b*(1 - 1e-9) : v
set logscale xy
set xtics format (xb/xa < 1000 || (xa >= 1e-3 && xb <= 1e5) ? "%g" : "10^{%L}")
set ytics format "10^{%L}"
set mxtics
set mytics
if (xb/xa < 1000) {
    do for [e = -6:9] { set xtics add (2*10.**e, 5*10.**e) }
}
if (yb/ya < 50) {
    do for [e = -30:0] { set ytics add (power(2*10.**e, e) 2*10.**e, power(5*10.**e, e) 5*10.**e) }
}
if (xb/xa < 8) {
    step = nice((xb - xa)/5)
    set xtics ("" 100*xb)
    do for [j = ceil(xa/step - 1e-6):floor(xb/step + 1e-6)] {
        set xtics add (sprintf("%g", j*step) inside(j*step, xa, xb))
    }
}
if (yb/ya < 8) {
    step = nice((yb - ya)/5)
    e = floor(log10(yb))
    set ytics ("" 100*yb)
    do for [j = ceil(ya/step - 1e-6):floor(yb/step + 1e-6)] {
        set ytics add (power(j*step, e) inside(j*step, ya, yb))
    }
}
set xlabel 'm_4 [keV]'
if (one_mass) {
    unset logscale x
    set xtics ("" 0)
    do for [i = 1:n] { set xtics add (name[i] i) }
    set xlabel 'Solar neutrinos'
    if (n > 5) {
        set xtics rotate by 30 right
        unset xlabel
    }
    xa = 0.5
    xb = n + 0.5
}
set tics scale 1.5, 0.75
set xrange [xa:xb]
set yrange [ya:yb]

# The legend goes below, in as many columns as the longest name leaves room for.
most(a, b) = a > b ? a : b
longer(list, i) = i > items(list) ? 0 : most(strlen(item(list, i)), longer(list, i + 1))
longest = one_mass ? most(longer(experiments, 1), strlen(experiment) + 10) : \
          most(longer(sources, 1), longer(drawn, 1) + 6)
columns = longest < 15 ? 4 : longest < 22 ? 3 : 2
entries = one_mass ? slots : n + items(drawn)
key_rows = (entries + columns - 1)/columns + 1
bottom = (one_mass ? 0.175 : 0.155) + 0.038*key_rows
if (one_mass && n > 5) { bottom = bottom - 0.06 + 0.009*longer(sources, 1) }
wide = yb/ya < 50
set lmargin at screen wide ? 0.185 : 0.145
set rmargin at screen 0.955
top = 0.945 - 0.025*lines(caption)
set tmargin at screen top
set bmargin at screen bottom
# A label: the place of a ylabel is a guess that counts the markup of the tick labels.
set label 2 'd [μ_B]' at screen 0.03, screen 0.5*(bottom + top) center rotate
set title wrap(caption) font ",14" noenhanced
set key at screen 0.55, screen 0.038*key_rows+(one_mass ? 0.05 : 0.03) top center horizontal Left reverse samplen 3 \
    spacing 1.3 maxcols columns font ",17"
who = experiment eq "" ? "" : plain(experiment) . ": "
if (regions || (fits && !one_mass)) {
    set key title who . (!regions ? "" : discovery ? "1, 2, 3σ above no signal" : "1, 2, 3σ regions") . (regions && fits ? ", " : "") . \
        (fits ? "best fits (symbols)" : "")
}
if (one_mass) {
    set key title sprintf("m_4 = %g keV; symbols: best fits, bars: intervals, " . \
        "arrows: upper limits", mass)
}
if (regions + fits + n_limits_drawn + shown == 0) {
    set label 1 "no region, no limit" at graph 0.5, graph 0.5 center tc rgb "#808080"
}
set border lw 1.5

# gnuplot reads what a loop of no steps would draw: then let it be $none, which is out of sight
# and holds the samples of the legend, too.
$none << EOD
-9 1e-99 1 1 1 1 1
EOD
none = "$none"
do for [kind in "png pdf"] {
    if (kind eq "png") { set terminal pngcairo size 1200,900 font "Sans,20" }
    if (kind eq "pdf") { set terminal pdfcairo size 8in,6in font "Sans,20" fontscale 0.5 }
    set output 'fit.' . kind
    if (!one_mass) {
        plot NaN notitle, \
             for [j = 1:regions] (regions ? "$fill" : none) index j-1 using 1:2 \
                 with filledcurves closed fc rgb hue(region_of[j]) \
                 fs transparent solid opacity(level[j]) noborder notitle, \
             for [j = 1:regions] (regions ? "$edge" : none) index j-1 using 1:2 \
                 with lines dt 1 lw 3-0.5*level[j] lc rgb hue(region_of[j]) notitle, \
             for [j = 1:n_limits_drawn] (n_limits_drawn ? limits : none) index limit[j]-1 \
                 using 3:(positive($7)) with lines lt dash(limit_by[limit[j]]) lw 3 \
                 lc rgb hue(limit_of[limit[j]]) notitle, \
             for [j = 1:n_limits_drawn] (n_limits_drawn ? limits : none) index limit[j]-1 \
                 using 3:(arrow(limit[j], $0, entry(3), entry(7))):(0):(rise*$7) \
                 with vectors head filled size screen 0.008,20 fixed dt 1 lw 1.5 \
                 lc rgb hue(limit_of[limit[j]]) notitle, \
             for [j = 1:fits] (fits ? best : none) \
                 using (source(strcol(1)) == fit_of[j] ? $2 : NaN):3 with points \
                 pt mark(fit_of[j]) ps 2.2*large(fit_of[j]) lc rgb hue(fit_of[j]) notitle, \
             for [j = 1:fits] (fits ? best : none) \
                 using (source(strcol(1)) == fit_of[j] ? $2 : NaN):3 with points \
                 pt mark(fit_of[j])-1 ps 2.2*large(fit_of[j]) lw 2 lc rgb "#000000" notitle, \
             for [i = 1:n] $none using 1:2 with linespoints dt 1 lw 4 ps 2*large(i) \
                 pt (has_fit[i] ? mark(i) : 0) lc rgb hue(i) title name[i], \
             for [k = 1:items(drawn)] $none using 1:2 with lines lw 3 lc rgb "#404040" \
                 lt dash(find(exclusion, item(drawn, k), 1)) \
                 title plain(title_of(item(drawn, k))) . ' limit'
    } else {
        plot NaN notitle, \
             for [i = 1:n-1] $none using (i+0.5):(ya):(0):(yb-ya) with vectors nohead dt 1 lw 1 \
                 lc rgb "#c0c0c0" notitle, \
             for [k = 1:ne] (bars[k] ? limits : none) \
                 using (bar(k)):6:(0):($7-$6) with vectors nohead dt 1 lw 3 \
                 lc rgb colour[1+(k-1)%8] notitle, \
             for [k = 1:ne] (tops[k] ? limits : none) \
                 using (top(k)):7:(0):(-3*rise/(1+3*rise)*$7) with vectors head filled \
                 size screen 0.012,20 fixed dt 1 lw 3 lc rgb colour[1+(k-1)%8] notitle, \
             for [k = 1:ne] (bars[k] + tops[k] ? limits : none) \
                 using (place(k)-0.3*width):7:(0.6*width):(0) with vectors nohead dt 1 lw 3 \
                 lc rgb colour[1+(k-1)%8] notitle, \
             for [k = 1:ne] (dots[k] ? limits : none) \
                 using (place(k)):(positive($4)) with points pt mark(k) ps 2 \
                 lc rgb colour[1+(k-1)%8] notitle, \
             for [j = 1:fits > 0] (fits ? best : none) \
                 using (source(strcol(1)) ? slot(source(strcol(1)), 0) : NaN):3 with points \
                 pt 12 ps 2.4 lw 2.5 lc rgb "#000000" title who . 'best fit', \
             for [k = 1:ne] $none using 1:2 with linespoints dt 1 lw 3 ps 2 pt mark(k) \
                 lc rgb colour[1+(k-1)%8] title plain(title_of(item(experiments, k)))
    }
    unset output
}
