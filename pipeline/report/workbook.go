package report

func writeWorkbook(path string, d *Data) error { return nil }
