package yamlread

// Extent returns the text of the document and its offset in the stream. Marks are
// offsets in this text.
func (d *Document) Extent() (text string, start int) { return d.text, d.start }
