package sheet

// dateStyles reads which cell styles of styles.xml show a number as a date.
func dateStyles(b []byte) ([]bool, error) {
	custom := map[int]bool{}
	var styles []bool
	section := ""
	for p := 0; ; {
		t, q, err := nextToken(b, p)
		if err == errMore {
			return styles, nil
		}
		if err != nil {
			return nil, err
		}
		p = q
		switch {
		case t.is(tokStart, "numFmts"), t.is(tokStart, "cellXfs"):
			section = string(t.name)
		case t.is(tokEnd, section):
			section = ""
		case section == "numFmts" && t.is(tokStart, "numFmt"):
			custom[t.getInt("numFmtId", -1)] = dateFormat(t.getText("formatCode"))
		case section == "cellXfs" && t.is(tokStart, "xf"):
			id := t.getInt("numFmtId", 0)
			date, spelled := custom[id]
			styles = append(styles, date || !spelled && builtinDate(id))
		}
	}
}
