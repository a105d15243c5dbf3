# What a detector likes, what the early Universe allows and what others exclude, in the plane of
# mass and dipole moment (Fig. 4 of arXiv:2007.05513): contours.dat, best.dat, curves.dat,
# bounds.dat, points.dat -> map.png, map.pdf
# The tables must be there, but may be empty. In curves.dat a criterion is `gamma_over_H`,
# `n_over_neq` or `rho_N_over_rho_gamma`; in bounds.dat is excluded what is `above` a curve, `left`
# of a mass or `inside` an outline.
# Variables, all strings, all optional: caption, experiment (the fitted one), sources (the names of
# those to draw, separated by commas; otherwise all), n_sources (how many of them), n_contours,
# n_curves, n_bounds (the number of blocks), bounds (names in the order of bound_titles),
# bound_titles (for the labels, separated by |), points (the names of those to draw; otherwise all),
# kind_of_contours ("discovery": 3 sigma is the innermost), m_min, m_max (keV), d_min, d_max (Bohr
# magnetons). With stored (the name of a column) stored.dat is drawn below everything else: status,
# m4, d, stored_others (a number) more columns, the low and high edges of the cell along m4 and d
# unless stored_drawn is not "", the column, and more, of which number sigma_at is sigma;
# stored_words (of a verdict or another text, between commas), stored_levels (of contours, the
# same), stored_scale ("log", "linear" or "auto"), T_RH (MeV).
set encoding utf8
contours = 'contours.dat'
best = 'best.dat'
thermal = 'curves.dat'
excluded = 'bounds.dat'
marked = 'points.dat'
if (!exists("caption")) caption = ""
if (!exists("experiment")) experiment = ""
if (!exists("sources")) sources = ""
if (!exists("bounds")) bounds = ""
if (!exists("bound_titles")) bound_titles = ""
if (!exists("points")) points = ""
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
field(s, c, i) = strstrt(s, c) ? \
    (i == 1 ? trim(s[1:strstrt(s, c)-1]) : field(s[strstrt(s, c)+1:*], c, i - 1)) : \
    i == 1 ? trim(s) : ""
item(s, i) = field(s, ",", i)
find(list, s, i) = i > items(list) ? 0 : item(list, i) eq s ? i : find(list, s, i + 1)
joined(list, s) = s eq list ? list : find(list, s, 1) ? list : list eq "" ? s : list . "," . s
title_of(s) = find(bounds, s, 1) && field(bound_titles, "|", find(bounds, s, 1)) ne "" ? \
              field(bound_titles, "|", find(bounds, s, 1)) : s
most(a, b) = a > b ? a : b
least(a, b) = a < b ? a : b
longer(list, i) = i > items(list) ? 0 : most(strlen(item(list, i)), longer(list, i + 1))
# A column as text: a nan in $5 would keep the whole expression from being evaluated.
entry(c) = strstrt(strcol(c), "n") ? NaN : number(strcol(c))
seen(m, d) = m > 0 && m < 1e300 && d > 0 && d < 1e300

# How many rows and blocks there are, and all names. With the comments read as rows no table is
# empty, of which gnuplot would warn.
rows = 0
blocks = 0
last = -1
found = ""
added = ""
add(s) = s eq added ? 0 : (added = s, found = joined(found, s), 1)
count(s, b) = s eq "#" ? 0 : \
    (rows = rows + 1, blocks = b == last ? blocks : blocks + 1, last = b, 1)
set datafile commentschars ""
stats marked using (count(strcol(1)[1:1], column(-2)) ? (add(strcol(1)), 1) : 0) nooutput name "B"
point_rows = rows
if (points eq "") { points = found }
rows = 0
blocks = 0
last = -1
stats thermal using (count(strcol(1)[1:1], column(-2))) nooutput name "B"
curve_rows = rows
nk = exists("n_curves") && int(n_curves) < blocks ? int(n_curves) : blocks
rows = 0
blocks = 0
last = -1
stats excluded using (count(strcol(1)[1:1], column(-2))) nooutput name "B"
bound_rows = rows
nb = exists("n_bounds") && int(n_bounds) < blocks ? int(n_bounds) : blocks
rows = 0
found = ""
added = ""
stats best using (count(strcol(1)[1:1], column(-2)) ? (add(strcol(1)), 1) : 0) nooutput name "B"
best_rows = rows
rows = 0
blocks = 0
last = -1
stats contours using (count(strcol(1)[1:1], column(-2)) ? (add(strcol(1)), 1) : 0) \
    nooutput name "B"
contour_rows = rows
nc = exists("n_contours") && int(n_contours) < blocks ? int(n_contours) : blocks
set datafile commentschars
if (sources eq "") { sources = found }
n = exists("n_sources") && int(n_sources) < items(sources) ? int(n_sources) : items(sources)
# The number of a source, or 0; looked up when the name changes.
name_before = ""
number_before = 0
source(s) = s eq name_before ? number_before : (name_before = s, \
    number_before = find(sources, s, 1), \
    number_before = number_before > n ? 0 : number_before)

# The ranges: what is drawn, unless they are given. Bounds count if there is nothing else.
mlow = 1e300
mhigh = 0
dlow = 1e300
dhigh = 0
look(m, d) = seen(m, d) ? \
    (mlow = m < mlow ? m : mlow, mhigh = m > mhigh ? m : mhigh, \
     dlow = d < dlow ? d : dlow, dhigh = d > dhigh ? d : dhigh, 1) : 0

# The polygons of the regions, the best fits, the benchmark points that are not best fits.
array block_of[nc + 1]
array block_level[nc + 1]
array from[nc + 1]
array to[nc + 1]
array px[contour_rows + 1]
array py[contour_rows + 1]
r = 0
if (nc > 0) {
    do for [j = 1:nc] { from[j] = 1; block_of[j] = to[j] = 0 }
    stats contours using (j = column(-2) + 1, j > nc ? 0 : (r = r + 1, px[r] = entry(3), \
        py[r] = entry(4), block_of[j] = source(strcol(1)), block_level[j] = int(entry(2)), \
        from[j] = to[j] ? from[j] : r, to[j] = r, block_of[j] ? look(px[r], py[r]) : 0, 1)) \
        nooutput name "B"
}
array fit_m[n + 1]
array fit_d[n + 1]
do for [i = 1:n+1] { fit_m[i] = 0; fit_d[i] = 0 }
fits = 0
if (best_rows > 0) {
    stats best using (i = source(strcol(1)), i && look(entry(2), entry(3)) ? \
        (fits = fits + (fit_m[i] == 0), fit_m[i] = entry(2), fit_d[i] = entry(3)) : 0) \
        nooutput name "B"
}
array point_name[point_rows + 1]
array point_m[point_rows + 1]
array point_d[point_rows + 1]
np = 0
is_fit(i, m, d) = abs(fit_m[i]/m - 1) < 1e-6 && abs(fit_d[i]/d - 1) < 1e-6
if (point_rows > 0) {
    stats marked using (find(points, strcol(1), 1) && look(entry(2), entry(3)) && \
        !(sum [i=1:n] is_fit(i, entry(2), entry(3))) ? (np = np + 1, \
        point_name[np] = strcol(1), point_m[np] = entry(2), point_d[np] = entry(3)) : 0) \
        nooutput name "B"
}

# The curves; those of the same criterion and temperature are a group.
array curve_from[nk + 1]
array curve_to[nk + 1]
array criterion[nk + 1]
array value[nk + 1]
array temperature[nk + 1]
array km[curve_rows + 1]
array kd[curve_rows + 1]
criterion[1] = ""
value[1] = temperature[1] = 0
r = 0
if (nk > 0) {
    do for [j = 1:nk] { curve_from[j] = 1; curve_to[j] = 0 }
    stats thermal using (j = column(-2) + 1, j > nk ? 0 : (r = r + 1, km[r] = entry(4), \
        kd[r] = entry(5), criterion[j] = strcol(1), value[j] = entry(2), \
        temperature[j] = entry(3), curve_from[j] = curve_to[j] ? curve_from[j] : r, \
        curve_to[j] = r, look(km[r], kd[r]), 1)) nooutput name "B"
}
array group[nk + 1]
array leader[nk + 1]
array values[nk + 1]
array members[nk + 1]
group[1] = members[1] = 1
groups = 0
do for [j = 1:nk] {
    group[j] = 0
    do for [k = 1:j-1] {
        if (criterion[k] eq criterion[j] && temperature[k] == temperature[j]) {
            group[j] = group[k]
        }
    }
    if (group[j] == 0) {
        groups = groups + 1
        group[j] = groups
        leader[groups] = j
        values[groups] = sprintf("%g", value[j])
        members[groups] = 1
    } else {
        k = group[j]
        values[k] = values[k] . sprintf(", %g", value[j])
        members[k] = members[k] + 1
    }
}

# The order of the groups in the legend: by criterion as in the table, by temperature.
array order[groups + 1]
array rank_of[groups + 1]
n_criteria = n_temperatures = 0
do for [k = 1:groups] {
    order[k] = k
    j = leader[k]
    rank_of[k] = 0
    fresh = 1
    do for [i = 1:k-1] {
        if (criterion[leader[i]] eq criterion[j]) { rank_of[k] = rank_of[i] }
        if (temperature[leader[i]] == temperature[j]) { fresh = 0 }
    }
    n_temperatures = n_temperatures + fresh
    if (rank_of[k] == 0) { n_criteria = n_criteria + 1; rank_of[k] = n_criteria }
}
after(i, k) = rank_of[i] > rank_of[k] || \
    (rank_of[i] == rank_of[k] && temperature[leader[i]] > temperature[leader[k]])
do for [i = 2:groups] {
    k = i
    while (k > 1) {
        if (!after(order[k-1], order[k])) { break }
        j = order[k]
        order[k] = order[k-1]
        order[k-1] = j
        k = k - 1
    }
}

# The bounds.
array bound_from[nb + 1]
array bound_to[nb + 1]
array bound_name[nb + 1]
array side[nb + 1]
array bm[bound_rows + 1]
array bd[bound_rows + 1]
r = 0
if (nb > 0) {
    do for [j = 1:nb] { bound_from[j] = 1; bound_to[j] = 0 }
    stats excluded using (j = column(-2) + 1, j > nb ? 0 : (bound_name[j] = strcol(1), \
        side[j] = strcol(2), \
        seen(entry(3), strcol(2) eq "left" ? 1 : entry(4)) ? (r = r + 1, bm[r] = entry(3), \
        bd[r] = entry(4), bound_from[j] = bound_to[j] ? bound_from[j] : r, bound_to[j] = r) : 0, \
        1)) nooutput name "B"
}
if (mhigh == 0 && r > 0) { r = sum [k=1:r] look(bm[k], bd[k]) }

if (mhigh == 0) { mlow = 10; mhigh = 1e4 }
if (dhigh == 0) { dlow = 1e-12; dhigh = 1e-7 }
xa = exists("m_min") ? number(m_min) : mlow/1.2
xb = exists("m_max") ? number(m_max) : mhigh*1.2
ya = exists("d_min") ? number(d_min) : dlow/3
yb = exists("d_max") ? number(d_max) : dhigh*3
if (xa > 0 && xb == xa) { xa = xa/1.5; xb = xb*1.5 }
if (!(xa > 0 && xb > xa)) { xa = mlow/1.5; xb = mhigh*1.5 }
if (!(ya > 0 && yb > ya)) { ya = dlow/3; yb = dhigh*3 }

# Colour and symbol: a source. Colour and width: a criterion, dash: a temperature. The region of a
# level is drawn on top of the wider ones: it gets darker towards the best fit.
array colour[8] = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", \
                   "#7F7F7F", "#8C510A"]
array symbol[6] = [13, 7, 9, 5, 11, 15]
hue(i) = colour[1 + (i - 1) % 8]
mark(i) = symbol[1 + (i - 1) % 6]
# The diamond looks smaller than the others.
large(i) = mark(i) == 13 ? 1.25 : 1
# Regions below the best point: 3 sigma, which often holds no signal at all, is a line only.
opacity(s) = s > 2 ? (discovery ? 0.14 : 0) : s > 1 ? 0.22 : 0.42
paint(s) = s eq "gamma_over_H" ? "#000000" : s eq "n_over_neq" ? "#6A3D9A" : \
           s eq "rho_N_over_rho_gamma" ? "#A5004F" : "#404040"
weight(j) = criterion[j] ne "n_over_neq" ? 3.5 : \
            members[group[j]] == 1 || abs(value[j] - 0.5) < 0.2 ? 3 : 1.8
ring(j) = criterion[j] eq "rho_N_over_rho_gamma" ? 6 : 0
formula(s) = s eq "gamma_over_H" ? "Γ/H" : s eq "n_over_neq" ? "n/n_{eq}" : \
             s eq "rho_N_over_rho_gamma" ? "ρ_N/ρ_γ" : plain(s)
set linetype 1 dt (8,5)
set linetype 2 dt (2,3)
set linetype 3 dt 1
set linetype 4 dt (10,4,2,4)
set linetype 5 dt (18,4)
set linetype 6 dt (10,4,2,4,2,4)
array dash[nk + 1]
array spacing[nk + 1]
dash[1] = spacing[1] = 1
others = 0
do for [j = 1:nk] {
    spacing[j] = 3 + (curve_to[j] - curve_from[j])/9
    dash[j] = temperature[j] == 2 ? 1 : temperature[j] == 5 ? 2 : 0
    do for [k = 1:j-1] {
        if (temperature[k] == temperature[j]) { dash[j] = dash[k] }
    }
    if (dash[j] == 0) {
        dash[j] = 3 + others % 4
        others = others + 1
    }
}
array tint[6] = ["#47586B", "#6B5946", "#47664E", "#5E4A69", "#625D38", "#4A4A4A"]
shade(j) = tint[1 + (j - 1) % 6]

# gnuplot reads what a loop of no steps would draw: then let it be $none, which is out of sight.
$none << EOD
1e99 1e-99
EOD
none = "$none"

# A stored column: pale, so that what lies over it is seen. What is failed or pending stays blank.
if (!exists("stored")) stored = ""
filled = stored ne "" ? 'stored.dat' : "$none"
n_words = stored ne "" ? items(stored_words) : 0
cells = stored ne "" && stored_drawn eq ""
edge_at = cells ? 4 + int(stored_others) : 1
stored_at = stored ne "" ? (cells ? 8 : 4) + int(stored_others) : 1
done(s) = s eq "ok"
blanks(s) = strlen(s) == 0 ? "" : (s[1:1] eq " " ? "_" : s[1:1]) . blanks(s[2:*])
word_at(c) = done(strcol(1)) ? find(blanks(stored_words), strcol(c), 1) : 0
number_at(c) = done(strcol(1)) && n_words == 0 ? entry(c) : NaN
seen_at(c, is) = is ? entry(c) : NaN
array class[3] = [0xCDE6F5, 0xFBEFB9, 0xF3C9B6]
array apart[8] = [0xC2DDF0, 0xF9E0B5, 0xC2E5D8, 0xF3DFEB, 0xDDDDDD, 0xF9CFC4, 0xF9F6CF, 0xD9D2EA]
pale(i) = stored eq "verdict" ? class[i] : apart[1 + (i - 1) % 8]
set palette defined (0 "#FFFBE6", 0.25 "#E3F1D3", 0.5 "#BEE3D3", 0.75 "#9ACFDC", 1 "#7FA9D1")
stored_low = 1e300
stored_high = -1e300
within(v) = v > -1e300 && v < 1e300
if (stored ne "" && n_words == 0) {
    stats filled using (v = number_at(stored_at), within(v) ? (stored_low = least(stored_low, v), \
        stored_high = most(stored_high, v), 0) : 0) nooutput name "B"
}
if (stored_high < stored_low) { stored_low = 0; stored_high = 1 }
if (stored_high == stored_low) { stored_high = stored_low + 1 }
stored_log = stored_low > 0 && (stored ne "" && n_words == 0) && (stored_scale eq "log" || \
    (stored_scale eq "auto" && stored_high > 30*stored_low))
# Contours in the logarithms; of a verdict those of sigma.
by_sigma = stored eq "verdict" && int(sigma_at) > 0
as_log(v, is) = is ? (v > 0 ? log10(v) : NaN) : v
tall(c) = by_sigma ? (done(strcol(1)) ? log10(entry(c + int(sigma_at) - 1)) : NaN) : \
    as_log(number_at(c), stored_log)
of_level(v) = stored_log ? 10**v : v
list_levels(s, i) = i > items(s) ? "" : \
    sprintf(",%.10g", as_log(number(item(s, i)), stored_log || by_sigma)) . list_levels(s, i + 1)
levels = !cells ? "" : by_sigma ? list_levels("2,3", 1) : n_words ? "" : list_levels(stored_levels, 1)
known = 0
if (levels ne "") {
    stats filled using (known = known + within(tall(stored_at)), 0) nooutput name "B"
}
curves = known > 3
if (curves) {
    set contour base
    unset surface
    set format "%.10g" # of the table, too
    eval "set cntrparam levels discrete " . levels[2:*]
    set table $stored_contour
    splot filled using (log10(entry(2))):(log10(entry(3))):(tall(stored_at)) with lines notitle
    unset table
    set surface
    unset contour
    curves = |$stored_contour| > 6
}
contour = curves ? "$stored_contour" : "$none"
if (stored ne "" && n_words == 0) {
    set cbrange [stored_low:stored_high]
    set format cb (stored_log ? "10^{%L}" : "%g")
    if (stored_log) { set logscale cb }
    set cblabel plain(stored) . sprintf(", T_{RH} = %s MeV", T_RH) offset 0.5
}

# Ticks: decades; 1, 2, 5 below two of them; even steps below one, "2.5×10^{-9}" along y.
round(v) = v < 1.5 ? 1 : v < 3 ? 2 : v < 7 ? 5 : 10
nice(v) = 10**floor(log10(v))*round(v/10**floor(log10(v)))
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
set tics scale 1.5, 0.75
set xrange [xa:xb]
set yrange [ya:yb]
set xlabel 'm_4 [keV]' offset 0,0.4
set border lw 1.5
# Lines across the axes from a point outside to another, too.
set clip two

# Where the labels may go is found on a grid of cells. A point of the plane in the axes is (u, v)
# with 0 <= u, v <= 1; `busy` says how much a cell is in use, `inner` whether it is in an area.
NX = 100
NY = 64
array busy[NX*NY]
array inner[NX*NY]
cell(i, j) = i + NX*(j - 1)
clear = sum [q=1:NX*NY] (busy[q] = 0)
u_of(m) = log(m/xa)/log(xb/xa)
v_of(d) = log(d/ya)/log(yb/ya)
use(i, j, w) = i < 1 || i > NX || j < 1 || j > NY ? 0 : \
               (busy[cell(i, j)] = most(busy[cell(i, j)], w), 1)
# All cells on the way from a point to another; how many are in the axes.
along(u, v, du, dv, l, w) = sum [q=0:l] \
    use(floor(NX*(u + du*q/l)) + 1, floor(NY*(v + dv*q/l)) + 1, w)
beside(u, s) = (u < 0 && s < 0) || (u > 1 && s > 1)
way(u, v, s, t, w) = beside(u, s) || beside(v, t) ? 0 : \
    along(u, v, s - u, t - v, 1 + ceil(most(NX*abs(s - u), NY*abs(t - v))), w)
line(m, d, o, p, w) = seen(m, d) && seen(o, p) ? way(u_of(m), v_of(d), u_of(o), v_of(p), w) : 0
# The cells in a polygon: those above an odd number of its edges.
unit(a) = a < 0 ? 0 : a > 1 ? 1 : a
first_above(v) = v <= 0 ? 1 : v >= 1 ? NY + 1 : floor(NY*v + 0.5) + 1
flip(i, j) = j > NY ? 0 : (inner[cell(i, j)] = !inner[cell(i, j)], 0)
columns_to(u) = floor(NX*unit(u) + 0.5)
edge(u, v, s, t) = sum [q=columns_to(least(u, s))+1:columns_to(most(u, s))] \
    flip(q, first_above(v + (t - v)*((q - 0.5)/NX - u)/(s - u)))
fill_up(start) = sum [i=1:NX] sum [j=start:NY] \
    (inner[cell(i, j)] = inner[cell(i, j)] != inner[cell(i, j-1)], 0)
# The ticks are in the way, too.
clear = sum [q=1:NX] \
    (use(q, 1, 1) + use(q, 2, 0.15) + use(q, NY-1, 0.15) + use(q, NY, 1))
clear = sum [q=1:NY] (use(1, q, 1) + use(NX, q, 1))
# Sums of the cells below and to the left, so that a sum over a rectangle takes four of them: of
# table 0, what is busy; of table b, the bound b; of nb + 1, how many bounds there are.
SIZE = (NX + 1)*(NY + 1)
array sums[SIZE*(nb + 2)]
at(b, i, j) = b*SIZE + i + (NX + 1)*j + 1
clear = sum [q=1:SIZE*(nb + 2)] (sums[q] = 0)
add_up(b) = sum [j=1:NY] sum [i=1:NX] (sums[at(b, i, j)] = (b ? inner[cell(i, j)] : \
    busy[cell(i, j)]) + sums[at(b, i-1, j)] + sums[at(b, i, j-1)] - sums[at(b, i-1, j-1)], 0)
# The sum over the cells i + 1 to k, j + 1 to l.
box(b, i, j, k, l) = sums[at(b, k, l)] - sums[at(b, i, l)] - sums[at(b, k, j)] + sums[at(b, i, j)]

# The regions, from the widest to the narrowest so that none is hidden; a region is all polygons of
# a source and a level. For the fill they are one path that goes from the first point of a polygon
# to that of the next, and back in the end: so its holes stay empty.
array region_of[3*n + 1]
array level[3*n + 1]
array has_region[n + 1]
region_of[1] = level[1] = 1
do for [i = 1:n] { has_region[i] = 0 }
regions = 0
point(r) = sprintf("%.17g %.17g", px[r], py[r])
# No line where a polygon runs along the border of the fitted grid: there it is only cut off.
left_end = down_end = 1e300
right_end = up_end = 0
do for [j = 1:nc] {
    if (block_of[j]) {
        clear = sum [r=from[j]:to[j]] (left_end = least(left_end, px[r]), \
            right_end = most(right_end, px[r]), down_end = least(down_end, py[r]), \
            up_end = most(up_end, py[r]), 0)
    }
}
same(a, b) = abs(a/b - 1) < 1e-9
border(r) = (same(px[r], px[r+1]) && (same(px[r], left_end) || same(px[r], right_end))) || \
            (same(py[r], py[r+1]) && (same(py[r], down_end) || same(py[r], up_end)))
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
                    do for [r = from[j]:to[j]] {
                        print point(r)
                        if (!fill && r < to[j] && border(r)) { print "" }
                    }
                }
            }
            if (fill && back ne "") {
                print back
                regions = regions + 1
                region_of[regions] = i
                level[regions] = rank
                has_region[i] = 1
            }
            if (back ne "") {
                print ""
                print ""
            }
        }
    }
    unset print
}
# What they use: the lines, and a bit the filled area.
do for [i = 1:n] {
    clear = sum [q=1:NX*NY] (inner[q] = 0)
    do for [j = 1:nc] {
        if (block_of[j] == i && block_level[j] == 2 && to[j] > from[j] + 1) {
            clear = sum [r=from[j]:to[j]-1] edge(u_of(px[r]), v_of(py[r]), u_of(px[r+1]), \
                v_of(py[r+1]))
        }
        if (block_of[j] == i && to[j] > from[j]) {
            clear = sum [r=from[j]:to[j]-1] \
                (border(r) ? 0 : line(px[r], py[r], px[r+1], py[r+1], 1))
        }
    }
    clear = fill_up(2) + (sum [q=1:NX*NY] (busy[q] = most(busy[q], 0.5*inner[q]), 0))
}

# The curves; a point between gaps becomes a short line.
array shown[groups + 1]
array exists_at_all[groups + 1]
do for [k = 1:groups] { shown[k] = exists_at_all[k] = 0 }
broad = (xb/xa)**0.012
finite(r, a, b) = r >= a && r <= b ? seen(km[r], kd[r]) : 0
set print $curve
do for [j = 1:nk] {
    a = curve_from[j]
    b = curve_to[j]
    do for [r = a:b] {
        if (!finite(r, a, b)) { print "" }
        if (finite(r, a, b)) {
            k = group[j]
            alone = !finite(r-1, a, b) && !finite(r+1, a, b)
            s = alone ? broad : 1
            do for [i = -alone:alone] { print sprintf("%.17g %.17g", km[r]*s**i, kd[r]) }
            exists_at_all[k] = 1
            shown[k] = shown[k] + (alone || r == a ? line(km[r]/s, kd[r], km[r]*s, kd[r], 1) : 0) \
                + (finite(r-1, a, b) ? line(km[r-1], kd[r-1], km[r], kd[r], 1) : 0)
        }
    }
    if (a > b || !(sum [r=a:b] finite(r, a, b))) { print "1e99 1" }
    print ""
    print ""
}
unset print

# The bounds as polygons. Those with no cell in the axes are not drawn.
array bound[nb + 1]
array area[nb + 1]
bound[1] = 1
drawn = 0
high(r) = 2*most(yb, bd[r])
if (nb > 0) { set print $area }
do for [j = 1:nb] {
    a = bound_from[j]
    b = bound_to[j]
    area[j] = 0
    clear = sum [q=1:NX*NY] (inner[q] = 0)
    if (side[j] eq "above" && b > a) {
        clear = edge(u_of(bm[a]), 2, u_of(bm[b]), 2) + (sum [r=a:b-1] edge(u_of(bm[r]), \
            v_of(bd[r]), u_of(bm[r+1]), v_of(bd[r+1]))) + fill_up(2)
    }
    if (side[j] eq "inside" && b > a + 1) {
        clear = (sum [r=a:b-1] edge(u_of(bm[r]), v_of(bd[r]), u_of(bm[r+1]), v_of(bd[r+1]))) \
            + edge(u_of(bm[b]), v_of(bd[b]), u_of(bm[a]), v_of(bd[a])) + fill_up(2)
    }
    if (side[j] eq "left" && b == a) {
        clear = sum [q=1:NX*NY] (inner[q] = ((q - 1) % NX + 0.5)/NX < u_of(bm[a]))
    }
    area[j] = sum [q=1:NX*NY] inner[q]
    if (area[j] > 0) {
        drawn = drawn + 1
        bound[drawn] = j
        clear = add_up(j)
        if (side[j] eq "above") {
            print sprintf("%.17g %.17g", bm[b], high(b))
            print sprintf("%.17g %.17g", bm[a], high(a))
        }
        if (side[j] eq "left") {
            print sprintf("%.17g %.17g", bm[a], ya/2)
            print sprintf("%.17g %.17g", bm[a], 2*yb)
            print sprintf("%.17g %.17g", xa/2, 2*yb)
            print sprintf("%.17g %.17g", xa/2, ya/2)
        } else {
            do for [r = a:b] { print sprintf("%.17g %.17g", bm[r], bd[r]) }
            clear = sum [r=a:b-1] line(bm[r], bd[r], bm[r+1], bd[r+1], 0.7)
        }
        print ""
        print ""
        if (side[j] eq "left") { clear = line(bm[a], ya, bm[a], yb, 0.7) }
    }
}
unset print
if (drawn) {
    clear = sum [q=1:SIZE] (sums[q+(nb+1)*SIZE] = (sum [j=1:drawn] sums[q+bound[j]*SIZE]), 0)
}
# Many on top of one another are to stay light.
faint = drawn ? most(0.04, least(0.1, 0.5/drawn)) : 0.1
# Its outline: of a curve without the sides, of a mass without the rest.
array skip[drawn + 1]
skip[1] = 0
do for [j = 1:drawn] {
    skip[j] = side[bound[j]] eq "above" ? 2 : 0
}

# The legend: sources and curves below the plot, in as many columns as there is room for.
array label_of[groups + 1]
widest = 0
do for [k = 1:groups] {
    j = leader[k]
    temp = sprintf(" = %s, T_{RH} = %g MeV", values[k], temperature[j])
    note = shown[k] ? "" : exists_at_all[k] ? " (outside)" : " (none)"
    label_of[k] = formula(criterion[j]) . temp . note
    widest = most(widest, strlen(label_of[k]) - 3 - 3*(criterion[j] eq "n_over_neq") - \
             2*(criterion[j] eq "rho_N_over_rho_gamma"))
}
items_drawn = 0
array entry_of[n + 1]
do for [i = 1:n] {
    if (has_region[i] || fit_m[i] > 0) { items_drawn = items_drawn + 1; entry_of[items_drawn] = i }
}
size = groups > 8 || widest > 40 ? 14 : 15
letter = 0.66*size/1200.
row = 0.0022*size
source_width = 0.09 + letter*longer(sources, 1)
source_columns = most(1, least(items_drawn, floor(0.92/source_width)))
source_rows = items_drawn ? ceil(real(items_drawn)/source_columns) : 0
group_width = 0.095 + letter*widest
# A column a temperature, or a column a criterion; else as many as fit.
room = most(1, floor(0.98/group_width))
whole = groups == n_temperatures*n_criteria
by_temperature = whole && n_temperatures > 1 && n_temperatures <= room
by_criterion = whole && n_criteria > 1 && n_criteria <= room && \
    !(by_temperature && n_temperatures > n_criteria)
group_columns = by_criterion ? n_criteria : by_temperature ? n_temperatures : least(groups, room)
group_rows = groups ? ceil(real(groups)/group_columns) : 0
group_columns = groups ? ceil(real(groups)/group_rows) : 0
middle = groups && group_columns*group_width > 0.85 ? 0.495 : 0.55
legend_rows = source_rows + group_rows + (items_drawn > 0) + (groups > 0) + 2*(n_words > 0)
bottom = 0.12 + row*legend_rows + (legend_rows ? 0.02 : 0)
wide = yb/ya < 50
side_left = wide ? 0.185 : 0.145
side_right = stored ne "" && n_words == 0 ? 0.85 : 0.955
top = 0.945 - 0.025*lines(caption)
set lmargin at screen side_left
set rmargin at screen side_right
set tmargin at screen top
set bmargin at screen bottom
set title wrap(caption) font ",14" noenhanced
# A label: the place of a ylabel is a guess that counts the markup of the tick labels.
set label 2 'd [μ_B]' at screen 0.03, screen 0.5*(bottom + top) center rotate
unset key
unset colorbox
if (stored ne "" && n_words == 0) {
    set colorbox user origin screen side_right+0.02, screen bottom size screen 0.02, screen top-bottom
    set cbtics scale 0.6
}
who = experiment eq "" ? "" : plain(experiment) . ": "
line_at = row*(legend_rows - 0.5) + 0.015
label = 10
if (n_words) {
    set label label plain(stored) . sprintf(" of the stored sweep, T_{RH} = %s MeV", T_RH) . \
        (by_sigma ? "; lines: 2 and 3σ" : "") at screen middle, screen line_at center \
        font sprintf(",%g", size+1)
    label = label + 1
    word_width = 0.075 + letter*longer(stored_words, 1)
    height = line_at - row
    do for [i = 1:n_words] {
        place = middle + word_width*(i - 1 - 0.5*n_words) + 0.01
        set object label rectangle from screen place, screen height-0.009 \
            to screen place+0.04, screen height+0.009 fc rgb pale(i) \
            fs solid 1 border lc rgb "#808080"
        set label label plain(item(stored_words, i)) at screen place+0.05, screen height left \
            font sprintf(",%g", size)
        label = label + 1
    }
    line_at = line_at - 2*row
}
if (items_drawn) {
    set label label who . (!regions ? "" : discovery ? "1, 2, 3σ above no signal" : \
        "1, 2, 3σ regions") . (regions && fits ? ", " : "") . (fits ? "best fits (symbols)" : "") \
        at screen middle, screen line_at center font sprintf(",%g", size+1)
    label = label + 1
}
do for [k = 1:items_drawn] {
    i = entry_of[k]
    place = middle + source_width*((k - 1) % source_columns - 0.5*source_columns) + 0.01
    height = line_at - row*(1 + (k - 1)/source_columns)
    if (has_region[i]) {
        set object label rectangle from screen place, screen height-0.009 \
            to screen place+0.04, screen height+0.009 fc rgb hue(i) \
            fs transparent solid 0.45 border lc rgb hue(i)
    }
    if (fit_m[i] > 0) {
        set label label+1 "" at screen place+0.02, screen height front \
            point pt mark(i) ps 1.5*large(i) lc rgb hue(i)
        set label label+2 "" at screen place+0.02, screen height front \
            point pt mark(i)-1 ps 1.5*large(i) lw 1.5 lc rgb "#000000"
    }
    set label label nuclide(item(sources, i), 1) at screen place+0.05, screen height left \
        font sprintf(",%g", size)
    label = label + 3
}
line_at = line_at - row*(source_rows + (items_drawn > 0))
if (groups) {
    set label label "Thermalization in the early Universe, above the curves" \
        at screen middle, screen line_at center font sprintf(",%g", size+1)
    label = label + 1
}
do for [i = 1:groups] {
    k = order[i]
    column = by_criterion ? (i - 1)/group_rows : (i - 1) % group_columns
    place = middle + group_width*(column - 0.5*group_columns) + 0.015
    height = line_at - row*(1 + (by_criterion ? (i - 1) % group_rows : (i - 1)/group_columns))
    strand = 0
    do for [j = 1:nk] {
        if (group[j] == k && strand < 3) {
            h = height + 0.008*(strand - 0.5*(least(members[k], 3) - 1))
            set arrow label+strand from screen place, screen h to screen place+0.055, screen h \
                nohead lt dash[j] lw weight(j) lc rgb paint(criterion[j])
            strand = strand + 1
        }
    }
    if (ring(leader[k])) {
        set label label+1 "" at screen place+0.0275, screen height \
            point pt ring(leader[k]) ps 1 lw 2 lc rgb paint(criterion[leader[k]])
    }
    set label label label_of[k] at screen place+0.063, screen height left font sprintf(",%g", size)
    label = label + 3
}

# The size of a text in cells.
cells_wide(s, points) = ceil(NX*(0.67*points*strlen(s) + 14)/(1200*(side_right - side_left)))
cells_high(k, points) = ceil(NY*(1.35*points*k + 4)/(900*(top - bottom)))
turned_wide(k, points) = ceil(NX*(1.35*points*k + 4)/(1200*(side_right - side_left)))
turned_high(s, points) = ceil(NY*(0.67*points*strlen(s) + 14)/(900*(top - bottom)))
take(i, j, w, h, k) = sum [p=i+1:i+w] sum [q=j+1:j+h] use(p, q, k)

set style textbox opaque noborder fillcolor rgb "#60ffffff" margins 0.3,0.3
# Symbols, and next to the benchmark points their names, where there is the least in the way.
symbol_at(m, d) = take(floor(NX*u_of(m)) - 1, floor(NY*v_of(d)) - 1, 3, 3, 4)
do for [i = 1:n] {
    if (fit_m[i] > 0) { clear = symbol_at(fit_m[i], fit_d[i]) }
}
do for [k = 1:np] { clear = symbol_at(point_m[k], point_d[k]) }
array right[8] = [1, -1, 0, 0, 1, -1, 1, -1]
array up[8] = [0, 0, 1, -1, 0.8, 0.8, -0.8, -0.8]
do for [k = 1:np] {
    u = u_of(point_m[k])
    v = v_of(point_d[k])
    if (u < 0 || u > 1 || v < 0 || v > 1) { continue }
    clear = add_up(0)
    w = (0.64*14*strlen(point_name[k]) + 4)/(1200*(side_right - side_left))
    h = 18/(900*(top - bottom))
    least_cost = 1e9
    do for [q = 1:8] {
        s = u + right[q]*(0.5*w + 9/(1200*(side_right - side_left)))
        t = v + up[q]*(0.5*h + 9/(900*(top - bottom)))
        if (s > 0.5*w && s + 0.5*w < 1 && t > 0.5*h && t + 0.5*h < 1) {
            cost = box(0, floor(NX*(s - 0.5*w)), floor(NY*(t - 0.5*h)), ceil(NX*(s + 0.5*w)), \
                ceil(NY*(t + 0.5*h))) + 0.1*q
            if (cost < least_cost) { least_cost = cost; best_u = s; best_v = t }
        }
    }
    if (least_cost < 1e9) {
        set label label plain(point_name[k]) at graph best_u, graph best_v center front boxed \
            font ",14"
        label = label + 1
        clear = take(floor(NX*(best_u - 0.5*w)), floor(NY*(best_v - 0.5*h)), ceil(NX*w) + 1, \
            ceil(NY*h) + 1, 4)
    }
}

# The labels of the bounds, beginning with the smallest areas: in the area, near its edge, on
# nothing else. A long one may be broken or, with the narrowest, turned and written smaller.
half(s, i) = i > strlen(s)/2 ? 0 : s[strlen(s)/2+i:strlen(s)/2+i] eq " " ? strlen(s)/2 + i : \
             s[strlen(s)/2-i:strlen(s)/2-i] eq " " ? strlen(s)/2 - i : half(s, i + 1)
reach(b, i, j, w, h, p, s) = box(b, most(0, i - (s eq "inside" ? p : 0)), \
    most(0, j - (s eq "left" ? 0 : p)), least(NX, i + w + (s eq "above" ? 0 : p)), \
    least(NY, j + h + (s eq "inside" ? p : 0)))
wanted(i, j, w, h, p, s) = \
    (least(NX, i + w + (s eq "above" ? 0 : p)) - most(0, i - (s eq "inside" ? p : 0)))* \
    (least(NY, j + h + (s eq "inside" ? p : 0)) - most(0, j - (s eq "left" ? 0 : p)))
deep(b, i, j, w, h, p, s) = reach(b, i, j, w, h, p, s) >= wanted(i, j, w, h, p, s)
outside(b, i, j, w, h) = 40*(1 - box(b, i, j, i + w, j + h)/real(w*h))
taken(b, i, j, w, h) = 4*box(0, i, j, i + w, j + h)/sqrt(w*h) + \
    0.8*(box(nb + 1, i, j, i + w, j + h)/real(w*h) - 1)
distant(b, i, j, w, h, s) = 0.4*(deep(b, i, j, w, h, 2, s) + deep(b, i, j, w, h, 4, s) + \
    deep(b, i, j, w, h, 8, s) + deep(b, i, j, w, h, 16, s))
try(b, w, h, s, extra, form) = sum [j=0:NY-h] sum [i=0:NX-w] \
    ((cost = extra + outside(b, i, j, w, h)) >= least_cost ? 0 : \
    (cost = cost + taken(b, i, j, w, h)) >= least_cost ? 0 : \
    (cost = cost + distant(b, i, j, w, h, s)) >= least_cost ? 0 : (least_cost = cost, \
    best_p = i, best_r = j, best_w = w, best_h = h, best_form = form, 0))
array todo[drawn + 1]
do for [j = 1:drawn] { todo[j] = bound[j] }
do for [k = 1:drawn] {
    smallest = k
    do for [j = k:drawn] {
        if (area[todo[j]] < area[todo[smallest]]) { smallest = j }
    }
    b = todo[smallest]
    todo[smallest] = todo[k]
    s = title_of(bound_name[b])
    c = strlen(s) > 14 ? half(s, 0) : 0
    first = c ? s[1:c-1] : s
    second = c ? s[c+1:*] : ""
    clear = add_up(0)
    least_cost = 1e9
    do for [points_ in "14 11"] {
        f = int(points_)
        extra = f < 14 ? 1.5 : 0
        l = strlen(second) > strlen(first) ? second : first
        if (least_cost > 2 + extra) {
            turned = side[b] eq "left" ? 0 : 2
            clear = try(b, cells_wide(s, f), cells_high(1, f), side[b], extra, f)
            clear = try(b, turned_wide(1, f), turned_high(s, f), side[b], extra + turned, 100 + f)
            if (c) {
                clear = try(b, cells_wide(l, f), cells_high(2, f), side[b], extra + 0.2, 200 + f)
                clear = try(b, turned_wide(2, f), turned_high(l, f), side[b], \
                    extra + turned + 0.2, 300 + f)
            }
        }
    }
    if (least_cost > 1e8) { continue }
    f = best_form % 100
    turned = best_form/100 % 2
    split = best_form/200
    do for [i = 0:split] {
        shift = split ? (i ? -0.675 : 0.675)*f : 0
        set label label plain(split ? (i ? second : first) : s) \
            at graph (best_p + 0.5*best_w)/NX - turned*shift/(1200*(side_right - side_left)), \
            graph (best_r + 0.5*best_h)/NY + (1 - turned)*shift/(900*(top - bottom)) \
            center rotate by 90*turned front font sprintf(",%d", f) tc rgb shade(b)
        label = label + 1
    }
    clear = take(best_p, best_r, best_w, best_h, 6)
}

if (regions + fits + np + drawn + (sum [k=1:groups] shown[k]) == 0) {
    set label 1 "no region, no curve, no bound" at graph 0.5, graph 0.5 center tc rgb "#808080"
}
set print $symbol
do for [i = 1:n] { print sprintf("%.17g %.17g", fit_m[i] > 0 ? fit_m[i] : 1e99, fit_d[i]) }
print "1e99 1"
set print $point
do for [k = 1:np] { print sprintf("%.17g %.17g", point_m[k], point_d[k]) }
print "1e99 1"
unset print

do for [kind in "png pdf"] {
    if (kind eq "png") { set terminal pngcairo size 1200,900 font "Sans,20" }
    if (kind eq "pdf") { set terminal pdfcairo size 8in,6in font "Sans,20" fontscale 0.5 }
    set output 'map.' . kind
    plot NaN notitle, \
         for [k = 1:(cells && n_words > 0)] filled using (seen_at(2, word_at(stored_at))):3:edge_at: \
             (entry(edge_at+1)):(entry(edge_at+2)):(entry(edge_at+3)): \
             (pale(most(1, word_at(stored_at)))) with boxxyerror dt 1 lw 1 lc rgb variable \
             fs solid 1 border notitle, \
         for [k = 1:(cells && n_words == 0)] filled using \
             (seen_at(2, within(number_at(stored_at)))):3:edge_at:(entry(edge_at+1)): \
             (entry(edge_at+2)):(entry(edge_at+3)):(number_at(stored_at)) with boxxyerror dt 1 lw 1 \
             lc palette fs solid 1 border notitle, \
         for [k = 1:(stored ne "" && !cells && n_words == 0)] filled using 2:3: \
             (number_at(stored_at)) \
             with points pt 7 ps 1 lc palette notitle, \
         for [k = 1:(stored ne "" && !cells && n_words > 0)] filled using \
             (seen_at(2, word_at(stored_at))):3:(pale(most(1, word_at(stored_at)))) \
             with points pt 7 ps 1 \
             lc rgb variable notitle, \
         for [j = 1:drawn] (drawn ? "$area" : none) index j-1 using 1:2 \
             with filledcurves closed fc rgb shade(bound[j]) \
             fs transparent solid faint noborder notitle, \
         for [j = 1:drawn] (drawn ? "$area" : none) index j-1 every ::skip[j] using 1:2 \
             with lines dt 1 lw 1.2 lc rgb shade(bound[j]) notitle, \
         for [j = 1:regions] (regions ? "$fill" : none) index j-1 using 1:2 \
             with filledcurves closed fc rgb hue(region_of[j]) \
             fs transparent solid opacity(level[j]) noborder notitle, \
         for [j = 1:regions] (regions ? "$edge" : none) index j-1 using 1:2 \
             with lines dt 1 lw 3-0.5*level[j] lc rgb hue(region_of[j]) notitle, \
         for [k = 1:curves] contour using (10**$1):(10**$2) with lines dt 1 lw 1.5 \
             lc rgb "#707070" notitle, \
         for [k = 1:(curves && !by_sigma)] contour using (10**$1):(10**$2): \
             (sprintf("%.4g", of_level($3))) \
             every 100000::3 with labels font ",11" boxed notitle, \
         for [j = 1:nk] (nk ? "$curve" : none) index j-1 using 1:2 \
             with lines lt dash[j] lw weight(j) lc rgb paint(criterion[j]) notitle, \
         for [j = 1:nk] (nk ? "$curve" : none) index j-1 every spacing[j]::spacing[j]/2 using 1:2 \
             with points pt ring(j) ps 1 lw 2 lc rgb paint(criterion[j]) notitle, \
         for [i = 1:n] $symbol every ::i-1::i-1 using 1:2 with points \
             pt mark(i) ps 2.2*large(i) lc rgb hue(i) notitle, \
         for [i = 1:n] $symbol every ::i-1::i-1 using 1:2 with points \
             pt mark(i)-1 ps 2.2*large(i) lw 2 lc rgb "#000000" notitle, \
         $point using 1:2 with points pt 7 ps 1.5 lc rgb "#ffffff" notitle, \
         $point using 1:2 with points pt 7 ps 1 lc rgb "#000000" notitle
    unset output
}
