# The parameter reference is the program's own output.
doc_reference="$TMP_DIR/reference.md"
"$NUDIPOLE" params --markdown > "$doc_reference"
doc_lines=$(wc -l < "$doc_reference")
tail -n "$doc_lines" params/README.md > "$TMP_DIR/documented.md"
expect 'params/README.md is up to date' 0 '' -- cmp "$doc_reference" "$TMP_DIR/documented.md"
