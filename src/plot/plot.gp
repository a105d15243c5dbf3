# What a sweep has stored, over one or two of its parameters: plot.dat, and for a plane of mass and
# dipole moment contours.dat, best.dat, bounds.dat -> plot.png, plot.pdf
# Columns of plot.dat: status (ok, failed, pending), x, y of a plane, the other parameters, the low
# and high edge of the cell along x and y unless points were drawn, what is drawn.
# Variables, all strings; lists have their items between |: caption, kind ("plane" or "lines"), drawn
# ("" for a grid), x, y (keys of the parameters), x_scale, y_scale ("log" or "linear"), scale (the
# same or "auto", of what is drawn), n_others (the number of other parameters), n_blocks (of panels
# or lines), groups (one a block, as in "T_RH_MeV=2;point=b8"), columns, words (of each column,
# between commas; none of a number), levels (of contours, the same), measured (value and error),
# sigma_at (which column is sigma, for the contours of a verdict, or 0), overlays (not "": draw
# regions and bounds), sources (between commas), n_contours, experiment, bound_titles,
# bounds_in_sight (1 or 0 of each, between commas).
set encoding utf8
data = 'plot.dat'
# gnuplot takes "1e-3" for an integer with a tail, but not "1.e-3".
number(s) = strstrt(s, ".") || !strstrt(s, "e") ? real(s) : \
            real(s[1:strstrt(s, "e")-1] . "." . s[strstrt(s, "e"):*])
most(a, b) = a > b ? a : b
least(a, b) = a < b ? a : b

# Lists: how many items, and one of them.
items(s, c) = strlen(s) == 0 ? 0 : strstrt(s, c) ? 1 + items(s[strstrt(s, c)+1:*] . " ", c) : 1
field(s, c, i) = strstrt(s, c) ? \
    (i == 1 ? trim(s[1:strstrt(s, c)-1]) : field(s[strstrt(s, c)+1:*], c, i - 1)) : \
    i == 1 ? trim(s) : ""
find(list, s, i) = i > items(list, ",") ? 0 : field(list, ",", i) eq s ? i : find(list, s, i + 1)
bars(s) = strstrt(s, "|") ? 1 + bars(s[strstrt(s, "|")+1:*]) : 0

# A name as it is, for an enhanced text.
plain(s) = strlen(s) == 0 ? "" : \
           (strstrt("_^{}@&~\\", s[1:1]) ? "\\" : "") . s[1:1] . plain(s[2:*])
underlined(s) = strlen(s) == 0 ? "" : (s[1:1] eq " " ? "_" : s[1:1]) . underlined(s[2:*])
# Parameters and columns in the terms of the field.
symbol(s) = s eq "m4_keV" ? "m_4" : s eq "d_muB" ? "d" : s eq "T_RH_MeV" ? "T_{RH}" : \
            s eq "omega_b" ? "Ω_b h^2" : s eq "tau_n_s" ? "τ_n" : s eq "delta_N_eff" ? "ΔN_{eff}" : \
            s eq "point" ? "" : s eq "N_eff" ? "N_{eff}" : s eq "Y_p" ? "Y_p" : \
            s eq "D_H" ? "D/H" : s eq "He3_H" ? "^3He/H" : s eq "Li7_H" ? "^7Li/H" : \
            s eq "chi2" ? "χ^2" : s eq "sigma" ? "σ from the measurements" : \
            s eq "verdict" ? "Verdict" : s eq "decided_by" ? "Decided by" : \
            s eq "through" ? "Through" : s eq "max_Gamma_over_H" ? "max  Γ/H" : \
            s eq "max_n_over_neq" ? "max  n/n_{eq}" : \
            s eq "max_rho_N_over_rho_gamma" ? "max  ρ_N/ρ_γ" : \
            s eq "max_rho_N_over_rho_gamma_test_particle" ? "max  ρ_N/ρ_γ" : \
            s eq "T_max_Gamma_MeV" ? "T of max Γ/H" : s eq "T_max_n_MeV" ? "T of max n/n_{eq}" : \
            s eq "eta_bbn" ? "η at nucleosynthesis" : s eq "eta_cmb" ? "η today" : \
            s[1:5] eq "pull_" ? "Pull of " . symbol(s[6:*]) : plain(s)
unit(s) = s eq "m4_keV" ? "keV" : s eq "d_muB" ? "μ_B" : s eq "tau_n_s" ? "s" : \
          s eq "T_RH_MeV" || s eq "T_max_Gamma_MeV" || s eq "T_max_n_MeV" ? "MeV" : ""
factor(s) = s eq "D_H" || s eq "He3_H" ? 1e5 : s eq "Li7_H" || s[1:4] eq "eta_" ? 1e10 : 1
power(s) = factor(s) == 1 ? "" : sprintf("  [10^{−%d}]", int(log10(factor(s)) + 0.5))
label_of(s) = symbol(s) . power(s) . (unit(s) eq "" ? "" : "  [" . unit(s) . "]")
long(s) = s eq "T_RH_MeV" ? "Reheating temperature T_{RH}  [MeV]" : label_of(s)
mantissa(v) = strstrt("-0123456789", v[1:1]) && strstrt(v, "e") ? (v[1:strstrt(v, "e")-1] eq "1" ? "" : \
    v[1:strstrt(v, "e")-1] . "×") . \
    sprintf("10^{%.0f}", log10(number("1.0" . v[strstrt(v, "e"):*]))) : plain(v)
neutrino(s) = s eq "tau" ? "ν_τ" : s eq "mu" ? "ν_μ" : "ν_e"
setting(s) = (k = strstrt(s, "="), key_ = s[1:k-1], value_ = s[k+1:*], \
    key_ eq "flavour" ? neutrino(value_) : symbol(key_) eq "" ? \
    plain(value_) : symbol(key_) . " = " . mantissa(value_) . \
    (unit(key_) eq "" ? "" : " " . unit(key_)))
settings(s) = strlen(s) == 0 ? "" : strstrt(s, ";") ? \
    setting(s[1:strstrt(s, ";")-1]) . ", " . settings(s[strstrt(s, ";")+1:*]) : setting(s)
# The caption has settings, too: before the semicolon.
prelude(s) = strstrt(s, ", ") ? setting(s[1:strstrt(s, ", ")-1]) . ", " . \
    prelude(s[strstrt(s, ", ")+2:*]) : setting(s)
flavour(s) = s[1:6] eq "nu_tau" ? "ν_τ" . s[7:*] : s[1:5] eq "nu_mu" ? "ν_μ" . s[6:*] : \
             s[1:4] eq "nu_e" ? "ν_e" . s[5:*] : s
told = strstrt(caption, ";") ? \
    prelude(caption[1:strstrt(caption, ";")-1]) . "; " . \
    flavour(caption[strstrt(caption, ";")+2:*]) : flavour(caption)

# A caption that is too long is broken after blanks.
last_blank(s, i, k) = i < 1 ? k : s[i:i] eq " " ? i : last_blank(s, i - 1, k)
wrap(s, k) = strlen(s) <= k ? s : s[1:last_blank(s, k, k)] . "\n" . \
             wrap(s[last_blank(s, k, k)+1:*], k)
lines(s, k) = strlen(s) <= k ? 1 : 1 + lines(s[last_blank(s, k, k)+1:*], k)

n = int(n_blocks)
no = int(n_others)
nc = 1 + bars(columns)
plane = kind eq "plane"
at = plane ? (drawn eq "" ? 7 + no : 3 + no) : (drawn eq "" ? 4 + no : 2 + no)
x_log = x_scale eq "log"
y_log = y_scale eq "log"
column_of(c) = field(columns, "|", c)
words_of(c) = field(words, "|", c)
n_words(c) = items(words_of(c), ",")
is_done(s) = s eq "ok"
finite(v) = v > -1e300 && v < 1e300
# A value, and the number of a word.
entry(i) = strcol(i)[1:1] eq "n" || strcol(i)[1:1] eq "i" || strcol(i)[1:2] eq "-n" || \
           strcol(i)[1:2] eq "-i" ? NaN : number(strcol(i))
drawn_at(c) = is_done(strcol(1)) && n_words(c) == 0 ? entry(at + c)*factor(column_of(c)) : NaN
word_at(c) = is_done(strcol(1)) ? find(underlined(words_of(c)), strcol(at + c), 1) : 0
bad(v) = strcol(1) eq "failed" ? v : NaN

# Colours: of a verdict from good to bad, of other words well apart.
array class[3] = [0x9CCDE8, 0xF7DC6F, 0xE0805A]
array apart[8] = [0x66A9D6, 0xF0B95C, 0x66C2A5, 0xE0AFCC, 0xB3B3B3, 0xF08A6B, 0xF0E68C, 0x9C8AC0]
shade(c, i) = column_of(c) eq "verdict" ? class[i] : apart[1 + (i - 1) % 8]
# Of numbers from pale to dark, so that lines over them are seen.
set palette defined (0 "#FFF7BC", 0.15 "#D5EEB3", 0.3 "#97D6B9", 0.45 "#55BDC1", 0.6 "#2C9EC0", \
    0.75 "#2273B3", 0.88 "#254B9B", 1 "#1C2A6B")
set style textbox opaque noborder fillcolor rgb "#50ffffff" margins 0.3,0.3

# The range of each column; a logarithm where it is asked for, or is good to have.
array low[nc]
array high[nc]
array is_log[nc]
failed = 0
do for [c = 1:nc] {
    low[c] = 1e300
    high[c] = -1e300
    is_log[c] = 0
    if (n_words(c) == 0) {
        stats data using (v = drawn_at(c), finite(v) ? (low[c] = least(low[c], v), \
            high[c] = most(high[c], v), 0) : 0) nooutput name "B"
        if (high[c] < low[c]) { low[c] = 0; high[c] = 1 }
        is_log[c] = low[c] > 0 && (scale eq "log" || (scale eq "auto" && high[c] > 30*low[c]))
        if (high[c] == low[c]) { low[c] = low[c] - 0.5*abs(low[c]); high[c] = high[c] + \
            0.5*abs(high[c]) + (high[c] == 0) }
    }
}
points = 0
stats data using (failed = failed + (strcol(1) eq "failed"), \
    points = points + is_done(strcol(1)), 0) nooutput name "B"

# The range along the axes: whole cells.
xa = ya = 1e300
xb = yb = -1e300
i = 2 + plane + no + 1
if (drawn eq "") {
    stats data using (xa = least(xa, number(strcol(i))), xb = most(xb, number(strcol(i + 1))), 0) \
        nooutput name "B"
    if (plane) {
        stats data using (ya = least(ya, number(strcol(i + 2))), \
            yb = most(yb, number(strcol(i + 3))), 0) nooutput name "B"
    }
}
if (drawn ne "") {
    stats data using (strcol(1) ne "pending" ? (xa = least(xa, number(strcol(2))), \
        xb = most(xb, number(strcol(2))), plane ? (ya = least(ya, number(strcol(3))), \
        yb = most(yb, number(strcol(3)))) : 0) : 0) nooutput name "B"
    wider(a, b, is) = is ? (b/a)**0.03 : 0.03*(b - a)
    if (xb <= xa) { xa = xa - 0.1*abs(xa); xb = xb + 0.1*abs(xb) }
    s = wider(xa, xb, x_log)
    xa = x_log ? xa/s : xa - s
    xb = x_log ? xb*s : xb + s
    if (plane) {
        if (yb <= ya) { ya = ya - 0.1*abs(ya); yb = yb + 0.1*abs(yb) }
        s = wider(ya, yb, y_log)
        ya = y_log ? ya/s : ya - s
        yb = y_log ? yb*s : yb + s
    }
}
set border lw 1.5 front
set tics scale 0.8, 0.4 out nomirror
set mxtics
set mytics
xlabels = xb < 1000*xa || xa <= 0 || (xa >= 1e-3 && xb <= 1e5) ? "%g" : "10^{%L}"
if (x_log) { set logscale x }
# Labels between powers of ten where there is room for them.
between_tens = x_log && xb/xa < 1000 ? \
    "do for [e_ = -6:6] { set xtics add (2*10.**e_, 5*10.**e_) }" : ""
eval between_tens
set xrange [xa:xb]

# gnuplot reads what a loop of no steps would draw: then let it be $none.
$none << EOD
1e99 1e-99 1e99 1e-99
EOD
# ---- a plane -------------------------------------------------------------------------------
if (plane) {
    # Panels: those of a column beside each other, columns below each other.
    across = n <= 4 ? n : ceil(n/ceil(n/4.))
    down = ceil(n/real(across))
    rows = nc*down
    wide = across == 1 ? (rows == 1 ? 760 : 560) : across == 2 ? 540 : across == 3 ? 440 : 380
    tall = int(0.9*wide)
    size = across == 1 ? 18 : 17
    left = 135
    numbers = sum [c=1:nc] (n_words(c) == 0)
    right = numbers ? 165 : 40
    gap = 56 # labels at the ends of two panels stand side by side
    between = n > 1 ? 58 : 36
    W = left + across*wide + (across - 1)*gap + right
    if (overlays ne "" && strstrt(bounds_in_sight, "1")) {
        told = told . "; bounds exclude the shaded side"
    }
    head = 40 + 22*lines(told, W/9) + (n > 1 ? 34 : 0)

    # What is laid over.
    regions = overlays ne "" ? int(n_contours) : 0
    contours = regions ? 'contours.dat' : "$none"
    ns = overlays ne "" ? items(sources, ",") : 0
    best = ns ? 'best.dat' : "$none"
    nb = overlays ne "" && bound_titles ne "" ? 1 + bars(bound_titles) : 0
    excluded = nb ? 'bounds.dat' : "$none"
    in_sight(b) = field(bounds_in_sight, ",", b) eq "1"
    array hue[8] = [0x08306B, 0x7A0177, 0x00441B, 0x000000, 0x7F2704, 0x54278F, 0x252525, 0x67000D]
    array mark[6] = [7, 5, 9, 13, 11, 15]
    paint(i) = hue[1 + (i - 1) % 8]
    # Outlines of the regions, but not where they run along the border of the fitted grid.
    array level_of[regions + 1]
    array owner[regions + 1]
    level_of[1] = owner[1] = 1
    corners = 0
    if (regions) {
        stats contours using (corners = corners + 1, 0) nooutput name "B"
        array px[corners]
        array py[corners]
        array from[regions]
        array to[regions]
        do for [j = 1:regions] { to[j] = 0 }
        k = 0
        stats contours using (k = k + 1, j = column(-2) + 1, px[k] = entry(3), py[k] = entry(4), \
            from[j] = to[j] ? from[j] : k, to[j] = k, level_of[j] = int(entry(2)), \
            owner[j] = find(sources, strcol(1), 1), 0) nooutput name "B"
        left_end = down_end = 1e300
        right_end = up_end = 0
        do for [k = 1:corners] {
            left_end = least(left_end, px[k])
            right_end = most(right_end, px[k])
            down_end = least(down_end, py[k])
            up_end = most(up_end, py[k])
        }
        same(a, b) = abs(a/b - 1) < 1e-9
        border(k) = \
            (same(px[k], px[k+1]) && (same(px[k], left_end) || same(px[k], right_end))) || \
            (same(py[k], py[k+1]) && (same(py[k], down_end) || same(py[k], up_end)))
        set print $outline
        do for [j = 1:regions] {
            do for [k = from[j]:to[j]] {
                print sprintf("%.17g %.17g", px[k], py[k])
                if (k < to[j] && border(k)) { print "" }
            }
            print ""
            print ""
        }
        unset print
    }
    outline = regions ? "$outline" : "$none"
    strong(j) = level_of[j] == 1 ? 3 : 1.5
    digit(s) = strlen(s) > 0 && strstrt("0123456789", s[1:1])
    nuclide(s) = digit(s) ? "^{" . s[1:1] . "}" . nuclide(s[2:*]) : plain(s)
    set linetype 1 dt (8,4)
    set linetype 2 dt (2,3)
    set linetype 3 dt (12,3,2,3)
    set linetype 4 dt (16,4)
    set linetype 5 dt (6,3,2,3,2,3)
    set linetype 6 dt (4,6)
    kind_of(v, s) = strcol(2) eq s ? v : NaN
    bent(v) = strcol(2) eq "left" ? NaN : v
    dash(b) = 1 + (b - 1) % 6
    array best_in_sight[ns + 1]
    do for [i = 1:ns] { best_in_sight[i] = 0 }
    within(v, a, b) = v >= a && v <= b
    if (ns) {
        stats best using (i = find(sources, strcol(1), 1), i ? (best_in_sight[i] = \
            within(entry(2), xa, xb) && within(entry(3), ya, yb)) : 0, 0) nooutput name "B"
    }

    # The legend: what is drawn and what it is called.
    array what[64]
    array which[64]
    array of[64]
    array called[64]
    what[1] = called[1] = ""
    which[1] = of[1] = 1
    m = 0
    do for [c = 1:nc] {
        do for [i = 1:n_words(c)] {
            m = m + 1
            what[m] = "word"
            of[m] = c
            which[m] = i
            called[m] = (nc > 1 ? symbol(column_of(c)) . ": " : "") . symbol(field(words_of(c), ",", i))
        }
    }
    if (failed) { m = m + 1; what[m] = "failed"; which[m] = of[m] = 0; called[m] = "failed" }
    do for [i = 1:ns] {
        m = m + 1
        what[m] = "region"
        which[m] = i
        of[m] = 0
        called[m] = nuclide(field(sources, ",", i)) . ": 1, 2σ region" . \
            (experiment eq "" ? "" : " of " . plain(experiment)) . \
            (best_in_sight[i] ? ", best fit" : "")
    }
    do for [b = 1:nb] {
        if (in_sight(b)) {
            m = m + 1
            what[m] = "bound"
            which[m] = b
            of[m] = 0
            called[m] = plain(field(bound_titles, "|", b))
        }
    }
    length = 4
    do for [i = 1:m] { length = most(length, strlen(called[i])) }
    entry_wide = 84 + 9.3*length
    per_row = most(1, least(m, int((W - 40)/entry_wide)))
    legend = m ? 26*ceil(m/real(per_row)) + 20 : 0
    foot = 98 + legend
    H = head + rows*tall + (rows - 1)*between + foot
    X(p) = p/real(W)
    Y(p) = 1 - p/real(H)

    set yrange [ya:yb]
    ylabels = y_log ? "10^{%L}" : "%g"
    if (y_log) { set logscale y }
    set style fill solid 1 border
    set clip two
    low_edge = drawn eq "" ? 4 + no : 1
    dot = most(0.5, least(1.8, 25./sqrt(points + 1)))

    # Contours of numbers on a grid, in the logarithms of what has them.
    tx(v) = x_log ? log10(v) : v
    ty(v) = y_log ? log10(v) : v
    ux(v) = x_log ? 10**v : v
    uy(v) = y_log ? 10**v : v
    tz(v, c) = is_log[c] ? (v > 0 ? log10(v) : NaN) : v
    uz(v, c) = is_log[c] || by_sigma(c) ? 10**v : v
    round(v) = v < 1.5 ? 1 : v < 3 ? 2 : v < 7 ? 5 : 10
    nice(v) = 10**floor(log10(v))*round(v/10**floor(log10(v)))
    step(c) = is_log[c] ? 1 : nice((high[c] - low[c])/6)
    even(c, v) = v > tz(high[c], c) ? "" : sprintf(",%.10g", v) . even(c, v + step(c))
    logs(s, c) = items(s, ",") == 0 ? "" : sprintf(",%.10g", \
        tz(number(field(s, ",", 1))*factor(column_of(c)), c)) . \
        (strstrt(s, ",") ? logs(s[strstrt(s, ",")+1:*], c) : "")
    by_sigma(c) = column_of(c) eq "verdict" && int(sigma_at) > 0
    tall_at(c) = by_sigma(c) ? (is_done(strcol(1)) ? log10(entry(at + int(sigma_at))) : NaN) : \
        tz(drawn_at(c), c)
    levels_of(c) = by_sigma(c) ? sprintf(",%.10g,%.10g", log10(2), log10(3)) : \
        n_words(c) ? "" : field(levels, "|", c) ne "" ? logs(field(levels, "|", c), c) : \
        even(c, step(c)*ceil(tz(low[c], c)/step(c)))

    # How many points of a panel there are to go by: a contour needs four.
    array known[nc*n]
    do for [i = 1:nc*n] { known[i] = 0 }
    unset logscale xy
    set xrange [*:*]
    set yrange [*:*]
    do for [c = 1:nc] {
        do for [g = 1:(drawn eq "" ? n : 0)] {
            stats data index g-1 using (known[(c - 1)*n + g] = known[(c - 1)*n + g] + \
                finite(tall_at(c)), 0) nooutput name "B"
        }
    }
    if (x_log) { set logscale x }
    if (y_log) { set logscale y }
    set xrange [xa:xb]
    set yrange [ya:yb]

    do for [terminal_ in "png pdf"] {
        if (terminal_ eq "png") { set terminal pngcairo size W,H font sprintf("Sans,%d", size) }
        if (terminal_ eq "pdf") {
            set terminal pdfcairo size W/150.,H/150. font sprintf("Sans,%d", size) fontscale 0.5
        }
        set output 'plot.' . terminal_
        set multiplot
        do for [c = 1:nc] {
            do for [g = 1:n] {
                row = (c - 1)*down + (g - 1)/across
                place = (g - 1) % across
                upper = head + row*(tall + between)
                start = left + place*(wide + gap)
                set lmargin at screen X(start)
                set rmargin at screen X(start + wide)
                set tmargin at screen Y(upper)
                set bmargin at screen Y(upper + tall)
                unset title
                unset xlabel
                unset ylabel
                unset colorbox
                if (n > 1 && (c == 1 || down > 1)) {
                    set title settings(field(groups, "|", g)) offset 0,-0.5
                }
                lowest = c == nc && g + across > n
                if (lowest) { set xlabel label_of(x) offset 0,0.3 }
                if (place == 0) { set ylabel label_of(y) offset 0.8 }
                if (n_words(c) == 0) {
                    set cbrange [low[c]:high[c]]
                    if (is_log[c]) { set logscale cb } else { unset logscale cb }
                    if (place == across - 1 || g == n) {
                        set colorbox user origin screen X(start + wide + 20), screen Y(upper + tall) \
                            size screen 20./W, screen tall/real(H)
                        set cblabel label_of(column_of(c)) offset 0.8
                    }
                }
                curves = levels_of(c) ne "" && known[(c - 1)*n + g] > 3
                if (curves) {
                    unset logscale xy
                    set xrange [*:*]
                    set yrange [*:*]
                    set contour base
                    set format "%.10g" # of the table, too
                    unset surface
                    eval "set cntrparam levels discrete " . levels_of(c)[2:*]
                    set table $contour
                    splot data index g-1 using (tx(entry(2))):(ty(entry(3))):(tall_at(c)) \
                        with lines notitle
                    unset table
                    set surface
                    unset contour
                    if (x_log) { set logscale x }
                    if (y_log) { set logscale y }
                    set xrange [xa:xb]
                    set yrange [ya:yb]
                    curves = |$contour| > 6
                }
                curve = curves ? "$contour" : "$none"
                set format x (lowest ? xlabels : "")
                set format y (place == 0 ? ylabels : "")
                set format cb (is_log[c] ? "10^{%L}" : "%g")
                cells = drawn eq "" && n_words(c) == 0
                dots = drawn ne "" && n_words(c) == 0
                plot for [k = 1:(drawn eq "" && n_words(c) > 0)] data index g-1 \
                         using (word_at(c) ? entry(2) : NaN):3:low_edge:(entry(low_edge+1)): \
                         (entry(low_edge+2)):(entry(low_edge+3)):(shade(c, most(1, word_at(c)))) \
                         with boxxyerror lc rgb variable notitle, \
                     for [k = 1:cells] data index g-1 using (finite(drawn_at(c)) ? entry(2) : NaN):3: \
                         low_edge:(entry(low_edge+1)):(entry(low_edge+2)):(entry(low_edge+3)): \
                         (drawn_at(c)) with boxxyerror lc palette notitle, \
                     for [k = 1:dots] data using (finite(drawn_at(c)) ? entry(2) : NaN):3 \
                         with points pt 7 ps dot + 0.3 lc rgb "#808080" notitle, \
                     for [k = 1:dots] data using 2:3:(drawn_at(c)) with points pt 7 ps dot \
                         lc palette notitle, \
                     for [k = 1:(drawn ne "" && n_words(c) > 0)] data \
                         using (word_at(c) ? entry(2) : NaN):3:(shade(c, most(1, word_at(c)))) \
                         with points pt 7 ps dot lc rgb variable notitle, \
                     for [b = 1:nb] excluded index b-1 using (kind_of($3, "above")):4:(yb) \
                         with filledcurves fc rgb "#000000" fs transparent solid 0.07 noborder notitle, \
                     for [b = 1:nb] excluded index b-1 using (kind_of($3, "inside")):4 \
                         with filledcurves closed fc rgb "#000000" fs transparent solid 0.07 \
                         noborder notitle, \
                     for [b = 1:nb] excluded index b-1 using (kind_of(xa, "left")):(ya):(xa):3: \
                         (ya):(yb) with boxxyerror fc rgb "#000000" fs transparent solid 0.07 \
                         noborder notitle, \
                     for [k = 1:curves] curve using (ux($1)):(uy($2)) with lines lw 3 dt 1 \
                         lc rgb "#a0ffffff" notitle, \
                     for [k = 1:curves] curve using (ux($1)):(uy($2)) with lines lw 1.2 dt 1 \
                         lc rgb "#606060" notitle, \
                     for [k = 1:curves] curve using (ux($1)):(uy($2)): \
                         (sprintf("%.4g", uz($3, c)) . (by_sigma(c) ? "σ" : "")) \
                         every 100000::3 with labels font ",11" boxed notitle, \
                     for [b = 1:nb] excluded index b-1 using (bent($3)):4 with lines dt 1 lw 3.5 \
                         lc rgb "#80ffffff" notitle, \
                     for [b = 1:nb] excluded index b-1 using (kind_of($3, "left")):(ya):(0):(yb) \
                         with vectors nohead dt 1 lw 3.5 lc rgb "#80ffffff" notitle, \
                     for [b = 1:nb] excluded index b-1 using (bent($3)):4 with lines lt dash(b) \
                         lw 1.8 lc rgb "#303030" notitle, \
                     for [b = 1:nb] excluded index b-1 using (kind_of($3, "left")):(ya):(0):(yb) \
                         with vectors nohead lt dash(b) lw 1.8 lc rgb "#303030" notitle, \
                     for [j = 1:regions] outline index j-1 using (level_of[j] < 3 ? $1 : NaN):2 \
                         with lines dt 1 lw strong(j)+2 lc rgb "#ffffff" notitle, \
                     for [j = 1:regions] outline index j-1 using (level_of[j] < 3 ? $1 : NaN):2 \
                         with lines dt 1 lw strong(j) lc rgb paint(most(1, owner[j])) notitle, \
                     for [i = 1:ns] best every ::i-1::i-1 using 2:3 with points \
                         pt mark[1 + (i - 1) % 6] ps 2.4 lc rgb "#ffffff" notitle, \
                     for [i = 1:ns] best every ::i-1::i-1 using 2:3 with points \
                         pt mark[1 + (i - 1) % 6] ps 1.7 lc rgb paint(i) notitle, \
                     data index g-1 using (bad(entry(2))):3 with points pt 2 ps 1.5 lw 2.5 \
                         lc rgb "#B00000" notitle
            }
        }
        # Caption and legend: a plot of their own.
        set lmargin at screen 0
        set rmargin at screen 1
        set tmargin at screen 1
        set bmargin at screen 0
        unset title
        unset xlabel
        unset ylabel
        unset colorbox
        unset border
        unset tics
        unset logscale xy
        set xrange [0:W]
        set yrange [H:0]
        set label 1 wrap(told, W/9) at 0.5*W,26 center font ",14"
        array lx[m + 1]
        array ly[m + 1]
        lx[1] = ly[1] = 0
        do for [i = 1:m] {
            lx[i] = 0.5*W - 0.5*per_row*entry_wide + ((i - 1) % per_row)*entry_wide
            ly[i] = H - legend + 26*((i - 1)/per_row) + 8
            set label 1 + i called[i] at lx[i] + 62,ly[i] left font ",14"
            if (what[i] eq "word") {
                set object i rectangle from lx[i] + 14,ly[i] - 9 to lx[i] + 50,ly[i] + 9 \
                    fc rgb shade(of[i], which[i]) fs solid 1 border lc rgb "#606060"
            }
        }
        array one[1]
        plot for [i = 1:m] one using (what[i] eq "region" ? lx[i] + 10 : NaN):(ly[i]):(44):(0) \
                 with vectors nohead dt 1 lw 3 lc rgb paint(which[i] + (which[i] == 0)) notitle, \
             for [i = 1:m] one using (what[i] eq "region" && best_in_sight[which[i]] ? \
                 lx[i] + 32 : NaN):(ly[i]) \
                 with points pt mark[1 + (which[i] + 5) % 6] ps 1.7 \
                 lc rgb paint(which[i] + (which[i] == 0)) notitle, \
             for [i = 1:m] one using (what[i] eq "bound" ? lx[i] + 6 : NaN):(ly[i]):(50):(0) \
                 with vectors nohead lt dash(which[i] + (which[i] == 0)) lw 1.8 lc rgb "#303030" \
                 notitle, \
             for [i = 1:m] one using (what[i] eq "failed" ? lx[i] + 32 : NaN):(ly[i]) \
                 with points pt 2 ps 1.5 lw 2.5 lc rgb "#B00000" notitle, \
             NaN notitle
        unset label
        unset object
        set border 31 lw 1.5 front
        set xtics out nomirror
        set ytics out nomirror
        set mxtics
        set mytics
        eval between_tens
        set xrange [xa:xb]
        set yrange [ya:yb] noreverse
        if (x_log) { set logscale x }
        if (y_log) { set logscale y }
        unset multiplot
        unset output
    }
}

# ---- lines ---------------------------------------------------------------------------------
if (!plane) {
    # A panel a column; the words of a column are coloured stretches, a row a line.
    array height[nc + 1]
    first_number = first_band = 0
    do for [c = nc:1:-1] {
        if (n_words(c) == 0) { first_number = c }
        if (field(measured, "|", c) ne "") { first_band = c }
    }
    # As high as the legend beside it.
    beside(k) = 29*k + 16
    do for [c = 1:nc] {
        height[c] = n_words(c) ? most(34*n + 40, beside(n_words(c) + 1 + (failed > 0))) : \
            nc == 1 ? 640 : nc == 2 ? 380 : 270
        if (c == first_number) {
            height[c] = most(height[c], beside((n > 1 ? n : 0) + (failed > 0) + 2*(first_band > 0)))
        }
    }
    head = 30 + 22*lines(told, 100)
    gap = 22
    foot = 90
    H = head + foot + (nc - 1)*gap + (sum [c=1:nc] height[c])
    top_of(c) = head + (c - 1)*gap + (c > 1 ? (sum [i=1:c-1] height[i]) : 0)
    longest = 16
    do for [g = 1:n] { longest = most(longest, 1.3*strlen(field(groups, "|", g))) }
    named_rows = n > 1 && (sum [c=1:nc] n_words(c) > 0)
    left = named_rows ? most(145, 30 + int(8.5*longest)) : 145
    right = left + 700
    W = right + 24 + 70 + int(10.5*longest)
    Y(p) = 1 - p/real(H)
    array line[12] = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", \
        "#8C510A", "#7A0177", "#7F7F7F", "#4D9221", "#E31A1C"]
    set linetype 1 lw 3 dt 1          pt 7  ps 1
    set linetype 2 lw 3 dt (14,6)     pt 5  ps 1
    set linetype 3 lw 3 dt (14,5,3,5) pt 9  ps 1.2
    set linetype 4 lw 3 dt (6,4)      pt 11 ps 1.2
    set linetype 5 lw 3 dt (2,4)      pt 13 ps 1.2
    set linetype 6 lw 3 dt (20,5,3,5,3,5) pt 6 ps 1
    kind_of(g) = 1 + (g - 1) % 6
    low_edge = drawn eq "" ? 3 + no : 1
    name_of(g) = settings(field(groups, "|", g))
    band(c, i) = number(field(field(measured, "|", c), ",", i))*factor(column_of(c))

    do for [terminal_ in "png pdf"] {
        if (terminal_ eq "png") { set terminal pngcairo size W,H font "Sans,18" }
        if (terminal_ eq "pdf") {
            set terminal pdfcairo size W/150.,H/150. font "Sans,18" fontscale 0.5
        }
        set output 'plot.' . terminal_
        set multiplot
        set lmargin at screen left/real(W)
        set rmargin at screen right/real(W)
        do for [c = 1:nc] {
            set tmargin at screen Y(top_of(c))
            set bmargin at screen Y(top_of(c) + height[c])
            set format x (c == nc ? xlabels : "")
            unset xlabel
            if (c == nc) { set xlabel long(x) offset 0,0.2 }
            unset label
            unset object
            set label 1 label_of(column_of(c)) at screen (left - 115)/real(W), graph 0.5 center rotate
            if (c == 1) {
                set label 2 wrap(told, 100) at screen 0.5*(left + right)/W, screen Y(26) \
                    center font ",14"
            }
            unset logscale y
            unset key
            named = c == first_number && n > 1
            told_band = field(measured, "|", c) ne "" && c == first_band
            marked = failed > 0 && c == most(1, first_number)
            if (n_words(c)) {
                set yrange [n + 0.5:0.5] noreverse
                set ytics out nomirror scale 0
                set format y ""
                unset mytics
                do for [g = 1:(n > 1 ? n : 0)] {
                    set label 2 + g name_of(g) at graph -0.015, first g right font ",13"
                }
                if (n > 1) { unset label 1 }
                set style fill solid 1 border
                plot for [g = 1:n] data index g-1 using (word_at(c) ? entry(2) : NaN):(g): \
                         (drawn eq "" ? entry(low_edge) : entry(2)): \
                         (drawn eq "" ? entry(low_edge+1) : entry(2)):(g - 0.36):(g + 0.36): \
                         (shade(c, most(1, word_at(c)))) with boxxyerror dt 1 lw 1 lc rgb variable \
                         notitle, \
                     for [g = 1:n] data index g-1 using (bad(entry(2))):(g) with points pt 2 ps 1.4 \
                         lw 2.5 lc rgb "#B00000" notitle, \
                     NaN notitle
                set mytics
                set ytics out nomirror scale 0.8
            }
            if (n_words(c) == 0) {
                has_band = field(measured, "|", c) ne ""
                ya = low[c]
                yb = high[c]
                if (has_band) {
                    ya = least(ya, band(c, 1) - 2*band(c, 2))
                    yb = most(yb, band(c, 1) + 2*band(c, 2))
                }
                ylog = is_log[c] && ya > 0
                room = ylog ? (yb/ya)**0.06 : 0.06*(yb - ya)
                set yrange [ylog ? ya/room : ya - room:ylog ? yb*room : yb + room] noreverse
                set format y (ylog && yb > 1000*ya ? "10^{%L}" : "%g")
                if (ylog) { set logscale y }
                bottom = ylog ? ya/room**0.4 : ya - 0.4*room
                if (has_band) {
                    do for [k = 2:1:-1] {
                        set object 3 - k rectangle from graph 0, first band(c, 1) - k*band(c, 2) \
                            to graph 1, first band(c, 1) + k*band(c, 2) behind \
                            fc rgb (k == 2 ? "#ECECEC" : "#D4D4D4") fs solid 1 noborder
                    }
                }
                plot for [g = 1:n] data index g-1 using 2:(finite(drawn_at(c)) ? drawn_at(c) : NaN) \
                         with linespoints lt kind_of(g) lw (drawn eq "" ? 3 : 0) \
                         lc rgb line[1 + (g - 1) % 12] notitle, \
                     for [g = 1:n] data index g-1 using (bad(entry(2))):(bottom) with points pt 2 \
                         ps 1.4 lw 2.5 lc rgb "#B00000" notitle, \
                     NaN notitle
            }
            # The legend may be longer than the panel is high: a plot of its own.
            set tmargin at screen 1
            set bmargin at screen 0
            unset border
            unset tics
            unset xlabel
            unset label
            unset object
            unset logscale y
            set yrange [0:1]
            set key at screen (right + 24)/real(W), screen Y(top_of(c)) top left Left reverse \
                samplen 3 spacing 1.25 font ",15"
            if (n_words(c)) { set key title "{/=15 " . label_of(column_of(c)) . "}" left }
            plot for [g = 1:named*n] NaN with linespoints lt kind_of(g) \
                     lc rgb line[1 + (g - 1) % 12] title name_of(g), \
                 for [i = 1:n_words(c)] NaN with boxes dt 1 lw 1 fc rgb shade(c, i) fs solid 1 \
                     title symbol(field(words_of(c), ",", i)), \
                 for [i = 1:marked] NaN with points pt 2 ps 1.4 lw 2.5 lc rgb "#B00000" \
                     title "failed", \
                 for [i = 1:told_band] NaN with boxes fc rgb "#D4D4D4" fs solid 1 noborder \
                     title "measured, 1σ", \
                 for [i = 1:told_band] NaN with boxes fc rgb "#ECECEC" fs solid 1 noborder \
                     title "measured, 2σ", \
                 NaN notitle
            set key notitle
            unset key
            set border 31 lw 1.5 front
            set xtics out nomirror
            set ytics out nomirror
            set mxtics
            set mytics
            eval between_tens
        }
        unset multiplot
        unset output
    }
}
