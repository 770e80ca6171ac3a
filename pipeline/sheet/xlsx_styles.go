package sheet

// numberStyles reads what the cell styles of styles.xml make of a number.
func numberStyles(b []byte) ([]numberStyle, error) {
	custom := map[int]numberStyle{}
	var styles []numberStyle
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
			custom[t.getInt("numFmtId", -1)] = styleOf(t.getText("formatCode"))
		case section == "cellXfs" && t.is(tokStart, "xf"):
			id := t.getInt("numFmtId", 0)
			style, spelled := custom[id]
			if !spelled {
				style = builtinStyle(id)
			}
			styles = append(styles, style)
		}
	}
}
