package report

func writePage(path string, d *Data, leads []record, m masker) error { return nil }
