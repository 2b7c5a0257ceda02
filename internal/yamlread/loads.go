package yamlread

import (
	"fmt"

	yamlv2 "go.yaml.in/yaml/v2"

	"github.com/tekwright/tekwright/pkg/diag"
)

// Loads returns a problem if a program that decodes the first document of a text into
// any value with version 2 of the YAML library gets an error. This is how
// Pipelines-as-Code checks a file. In contrast to what [Documents] accepts, duplicate keys
// and later documents are ignored, and a key may be of any type but a list or a map. The
// library itself bounds what aliases multiply.
func Loads(text string) *Problem {
	f := &file{text: text}
	d := extent{file: f, text: text}
	switch {
	case len(text) > maxStream || moreSigns(text, maxAllSigns):
		return unreadable(f)
	}
	if p := d.tooLarge(); p != nil {
		return p
	}
	message := loadError(text)
	if message == "" {
		return nil
	}
	line, rest := lineOf(message)
	// Without a line, the error is in the first one, or it is about a value.
	p := &Problem{Line: max(line, 1), Column: 1, Message: rest}
	if found := unquotedIn(text); len(found) > 0 {
		b := found[0]
		name := text[b.from:b.to]
		p.Line, p.Column = f.position(b.from)
		p.Message, p.Help = name+" is not quoted", "quote it: \""+text[b.from:b.whole]+"\""
	} else if d := First(text); d != nil && d.Problem != nil && d.Problem.Trouble == Broken {
		p = d.Problem // the same, with its column and a clearer text
	}
	return p
}

// loadError returns the error of version 2 of the YAML library, "" if there is none.
func loadError(text string) (message string) {
	defer func() {
		if r := recover(); r != nil {
			message = fmt.Sprint(r)
		}
	}()
	var value any
	if err := yamlv2.Unmarshal([]byte(text), &value); err != nil {
		return err.Error()
	}
	return ""
}

// Text is a text with the offsets of its lines. It is safe for concurrent use.
type Text struct{ file file }

// NewText returns a text whose positions are asked for.
func NewText(text string) *Text { return &Text{file{text: text}} }

// Position returns the line and the column of an offset.
func (t *Text) Position(offset int) diag.Position {
	var p diag.Position
	p.Line, p.Column = t.file.position(offset)
	return p
}

// Head returns what a program learns of an object that cannot be read, if version 2 of the
// YAML library decodes only these fields: its apiVersion, and its name or generateName. It
// returns false if not even that is possible.
func Head(text string) (apiVersion, name string, ok bool) {
	defer func() {
		if r := recover(); r != nil {
			ok = false
		}
	}()
	var head struct {
		APIVersion string `yaml:"apiVersion"`
		Metadata   struct {
			Name         string `yaml:"name"`
			GenerateName string `yaml:"generateName"`
		} `yaml:"metadata"`
	}
	if len(text) > maxDocument || moreSigns(text, maxSigns) || yamlv2.Unmarshal([]byte(text), &head) != nil {
		return "", "", false
	}
	if name = head.Metadata.Name; name == "" {
		name = head.Metadata.GenerateName
	}
	return head.APIVersion, name, true
}
