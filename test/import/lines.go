package main

import (
	"go/scanner"
	"go/token"
	"slices"
	"strings"

	"github.com/tekwright/tekwright/internal/importer"
	"github.com/tekwright/tekwright/internal/yamlread"
)

// Lines are compared without comments, empty lines and scripts, in YAML as in Go: comments are
// kept, and scripts become files, so that neither is shorter in another language.

// linesOf returns the number of lines of YAML. The line with the key of a script counts.
func linesOf(text string) int {
	n, script := 0, -1
	for line := range strings.Lines(text) {
		s := strings.TrimSpace(line)
		indent := len(line) - len(strings.TrimLeft(line, " "))
		if s == "" || s == "---" {
			continue
		}
		if script >= 0 && indent > script {
			continue
		}
		script = -1
		if strings.HasPrefix(s, "#") {
			continue
		}
		n++
		if key := strings.TrimLeft(s, "- "); strings.HasPrefix(key, "script:") {
			script = indent + len(s) - len(key)
		}
	}
	return n
}

// linesOfGo returns the number of lines of Go, and the texts of its comments with the number of
// times that each occurs. Only the first line of a script counts.
func linesOfGo(text []byte) (lines int, comments map[string]int) {
	files := token.NewFileSet()
	file := files.AddFile("", files.Base(), len(text))
	var s scanner.Scanner
	s.Init(file, text, nil, scanner.ScanComments)
	comments = map[string]int{}
	last, before, call := 0, "", ""
	for {
		pos, tok, lit := s.Scan()
		switch {
		case tok == token.EOF:
			return lines, comments
		case tok == token.COMMENT:
			comments[plainComment(lit)]++
			continue
		case tok == token.SEMICOLON && lit != ";":
			continue
		}
		line := file.Line(pos)
		end := line
		if tok == token.STRING && !(before == "(" && (call == "Script" || call == "PasteScript")) {
			end += strings.Count(lit, "\n")
		}
		lines += max(end-max(line-1, last), 0)
		last = max(last, line+strings.Count(lit, "\n"))
		if before = tok.String(); tok == token.IDENT {
			call = lit
		}
	}
}

// plainComment returns a comment without the marks of YAML or Go, and blanks.
func plainComment(s string) string {
	return strings.Join(strings.Fields(strings.TrimLeft(strings.TrimSpace(s), "/#- \t")), " ")
}

// remarks counts the comments of a document, and those that are not among those of the Go. A
// file of Go has a licence once, however many documents have it.
func (m *measure) remarks(d document, comments map[string]int, licences map[string]bool) {
	list := importer.Remarks(d.text)
	if lines, licence := importer.Licence(list); len(lines) > 0 {
		if licences[licence] {
			list = slices.DeleteFunc(list, func(r yamlread.Remark) bool { return slices.Contains(lines, r.Line) })
		}
		licences[licence] = true
	}
	for _, r := range list {
		text := plainComment(r.Text)
		if text == "" {
			continue
		}
		m.comments++
		if comments[text]--; comments[text] < 0 {
			m.lost++
			m.say("%s:%d: comment lost: %s\n", d.file, r.Line, text)
		}
	}
}
