package manifest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/tekwright/tekwright/internal/kinds"
	"github.com/tekwright/tekwright/internal/secrets"
	"github.com/tekwright/tekwright/internal/typecheck"
	"github.com/tekwright/tekwright/internal/yamlread"
	"github.com/tekwright/tekwright/pkg/diag"
)

// decoder reads the documents of one stream.
type decoder struct {
	name     string
	objects  list
	findings diag.Findings
	most     int              // the maximum number of findings
	secrets  *secrets.Reader  // of the stream; nil if the findings alone are shown
	how      reach            // how the file was found
	stop     func() bool      // whether to end early; nil if not
	reader   *yamlread.Reader // nil for a new one
	brief    bool             // leave out what no rule reads
	expects  bool             // the documents of the file are parts of objects that a test expects
	grown    int64            // number of bytes that aliases have added
	held     bool             // the objects refer to the text of the stream
}

// isExpectation reports whether a document says that those of its file are what a test with
// kuttl expects in the cluster.
func (d *decoder) isExpectation(doc *yamlread.Document) bool {
	return d.how != streamed && doc.Problem == nil && textOf(doc.Root.Get("kind")) == "TestAssert" &&
		strings.HasPrefix(textOf(doc.Root.Get("apiVersion")), "kuttl.dev/")
}

// report adds a finding at a position in the stream. The default severity is error.
func (d *decoder) report(at diag.Position, f diag.Finding) {
	at.File = d.name
	f.Position = at
	if f.Severity == 0 {
		f.Severity = diag.Error
	}
	d.findings = append(d.findings, f)
}

// reach is how a file was found.
type reach int

const (
	streamed reach = iota // all of it has to be objects
	named                 // the user named it
	walked                // it was found in a directory, and may be for another tool
)

func (d *decoder) stream(s string) {
	most := Limits{Findings: d.most}.findings()
	if d.reader == nil {
		d.reader = yamlread.NewReader()
	}
	documents := d.reader.Documents
	if d.how != streamed && tektonFolder(d.name) != "" {
		documents = d.reader.Expanded
	}
	for doc := range documents(s) {
		d.grown += doc.Growth
		if len(d.findings) > most {
			d.secrets = nil // it would know a part of the stream
			break
		}
		if d.secrets != nil {
			d.secrets.Document(doc)
		}
		if d.stop != nil && d.stop() {
			break
		}
		if d.expects = d.expects || d.isExpectation(doc); d.expects {
			d.objects, d.findings = nil, nil
			continue
		}
		known, objects := len(d.findings), len(d.objects)
		d.read(doc)
		d.ignores(doc, d.objects[objects:], d.findings[known:])
		d.mask(doc, d.findings[known:])
	}
	// One more shows that there are more.
	d.findings = d.findings[:min(len(d.findings), most+1)]
}

// limited drops findings above the limit, and says so.
func (d *decoder) limited() {
	if most := (Limits{}).findings(); len(d.findings) > most {
		d.findings = append(d.findings[:most], stopped(d.name, tooMany(most), 0))
	}
}

// mask takes the values of Secrets, and what looks like a password, out of the messages
// of findings about a document.
func (d *decoder) mask(doc *yamlread.Document, findings diag.Findings) {
	if len(findings) == 0 {
		return
	}
	var values *secrets.Mask
	if d.secrets != nil {
		values = d.secrets.Mask()
	} else {
		text, _ := doc.Extent() // reading it has modified the nodes
		values = secrets.NewMask(secrets.In(text).Values)
	}
	for i := range findings {
		f := &findings[i]
		all := strings.EqualFold(f.Object.Kind, "Secret")
		for _, text := range []*string{&f.Message, &f.Help, &f.Subject} {
			*text = values.Text(*text, all)
		}
		f.Fixes = slices.DeleteFunc(f.Fixes, func(x diag.Fix) bool {
			return x.Message != values.Text(x.Message, all) || slices.ContainsFunc(x.Edits, func(e diag.Edit) bool { return e.New != values.Text(e.New, all) })
		})
	}
}

func (d *decoder) read(doc *yamlread.Document) {
	if p := doc.Problem; p != nil {
		code := "yaml-invalid"
		switch p.Trouble {
		case yamlread.Template:
			code = "template-unrendered"
		case yamlread.Limit:
			code = "document-limit"
		}
		d.report(diag.Position{Line: p.Line, Column: p.Column}, diag.Finding{Code: code, Message: p.Message, Help: p.Help})
		return
	}
	d.document(doc)
}

func (d *decoder) document(doc *yamlread.Document) {
	root := doc.Root
	if d.isForeign(doc) {
		return
	}
	items := root.Get("items")
	switch {
	case root.Kind == yamlread.List && len(root.Items) > 0 && root.Items[0].Kind == yamlread.Map && root.Items[0].Index("kind") >= 0:
		d.untyped(doc, root, diag.Path{}, "the document is a list of objects, not an object", `write each object as a separate document, with "---" between them, or use a List`)
		for _, item := range root.Items {
			d.object(doc, item, "an item of the list")
		}
	case textOf(root.Get("kind")) == "List" && textOf(root.Get("apiVersion")) == "v1" && (items == nil || items.Kind == yamlread.List || items.Kind == yamlread.Null):
		if items == nil {
			return
		}
		for _, item := range items.Items {
			d.object(doc, item, "an item of the list")
		}
	default:
		d.object(doc, root, "the document")
	}
}

// isForeign reports whether a document is for another tool. If the user named the file, it
// adds a note.
func (d *decoder) isForeign(doc *yamlread.Document) bool {
	root := doc.Root
	if d.how == streamed || textOf(root.Get("apiVersion")) != "" && textOf(root.Get("kind")) != "" || isMeantAs(root, d.name) {
		return false
	}
	if d.how == named {
		d.report(doc.Outline(root).Place(diag.Path{}), diag.Finding{Code: "object-untyped", Severity: diag.Note,
			Message: "the document is not a Kubernetes object, and is not checked"})
	}
	return true
}

// textOf returns the text of a string node, or "" for other nodes.
func textOf(n *yamlread.Node) string {
	if n == nil || n.Kind != yamlread.String {
		return ""
	}
	return n.Text
}

// untyped reports a document that is not an object.
func (d *decoder) untyped(doc *yamlread.Document, root *yamlread.Node, path diag.Path, message, help string) {
	d.report(doc.Outline(root).Place(path), diag.Finding{Code: "object-untyped", Message: message, Help: help, Path: path})
}

// object reads one object.
func (d *decoder) object(doc *yamlread.Document, root *yamlread.Node, noun string) {
	if root.Kind != yamlread.Map {
		d.untyped(doc, root, diag.Path{}, noun+" is not a Kubernetes object: apiVersion and kind are missing", "set apiVersion and kind, or exclude the file")
		return
	}
	if !d.typed(doc, root, noun) {
		return
	}
	if typecheck.IsSops(root) && (typecheck.IsEncrypted(root.Get("apiVersion")) || typecheck.IsEncrypted(root.Get("kind"))) {
		return // it may be any object
	}
	s := &reading{source: source{name: d.name}, ref: refOf(root), doc: doc, root: root}
	short := d.brief && isDefinition(s.ref)
	if !short {
		s.holes = holesIn(root)
	}
	meant := s.ref
	if g := kinds.GuessKind(s.ref.APIVersion, s.ref.Kind); g != nil {
		meant.APIVersion, meant.Kind = g.APIVersion, g.Kind
		if !g.VersionOnly {
			d.findings = append(d.findings, s.unknownKind(g))
			if g.Kind != "" { // the rest is checked as the kind that was meant
				s.ref.APIVersion, s.ref.Kind = g.APIVersion, g.Kind
				root.Get("apiVersion").Text, root.Get("kind").Text = g.APIVersion, g.Kind
			}
		}
	}
	if t := kinds.Shape(meant.APIVersion, meant.Kind); t != nil {
		d.strict(s, typecheck.Check(root, t, typecheck.SchemaOf(meant.APIVersion)))
	} else {
		result := typecheck.Loose(root)
		if short {
			if len(result.Faults) == 0 {
				doc, root = shorten(doc, root)
			}
			s.holes = holesIn(root)
		}
		d.strict(s, result)
	}
	obj := kinds.New(meant.APIVersion, meant.Kind)
	if obj == nil {
		content, _ := root.Value().(map[string]any) // it is a map
		obj = &unstructured.Unstructured{Object: content}
	} else if err := typecheck.Decode(root, obj); err != nil {
		// The strict check should have reported this.
		d.findings = append(d.findings, s.finding("field-type", diag.Path{}, root.Mark,
			fmt.Sprintf("%s cannot be read: %v", s.ref, err), ""))
		return
	}
	d.held = d.held || doc == s.doc
	d.objects = append(d.objects, (&source{d.name, doc.Outline(root), s.lost, s.holes}).object(obj))
}

// typed reports whether a map has an apiVersion and a kind. If not, it adds a
// finding.
func (d *decoder) typed(doc *yamlread.Document, root *yamlread.Node, noun string) bool {
	for _, field := range []string{"apiVersion", "kind"} {
		n := root.Get(field)
		if textOf(n) != "" {
			continue
		}
		if n != nil && n.Kind != yamlread.Null && n.Kind != yamlread.String {
			d.untyped(doc, root, diag.Fields(field), noun+" is not a Kubernetes object: "+field+" is "+n.Kind.String()+", not a string", "set "+field+" to a string")
			return false
		}
		for _, k := range root.Keys {
			if strings.EqualFold(k.Name, field) && k.Name != field {
				d.report(doc.Position(k.Mark), diag.Finding{Code: "object-untyped", Path: diag.Fields(k.Name), Subject: k.Name, Fixes: d.caseFix(doc, root, k.Name, field),
					Message: noun + " is not a Kubernetes object: " + field + " is missing",
					Help:    "rename " + strconv.Quote(k.Name) + " to " + strconv.Quote(field) + ": field names are case-sensitive"})
				return false
			}
		}
		other := root.Get(map[string]string{"apiVersion": "kind", "kind": "apiVersion"}[field])
		if other == nil {
			d.untyped(doc, root, diag.Path{}, noun+" is not a Kubernetes object: apiVersion and kind are missing", "set apiVersion and kind, or exclude the file")
		} else {
			d.untyped(doc, root, diag.Fields(field), noun+" is not a Kubernetes object: "+field+" is missing", "set "+field)
		}
		return false
	}
	return true
}

// isExpanded reports whether Pipelines-as-Code replaces each {{ name }} in an object.
func isExpanded(root *yamlread.Node) bool {
	annotations := root.Get("metadata").Get("annotations")
	return annotations != nil && slices.ContainsFunc(annotations.Keys, func(k yamlread.Key) bool {
		return strings.HasPrefix(k.Name, yamlread.PipelinesAsCode)
	})
}

// refOf returns the reference of an object.
func refOf(root *yamlread.Node) diag.ObjectRef {
	meta := root.Get("metadata")
	ref := diag.ObjectRef{APIVersion: textOf(root.Get("apiVersion")), Kind: textOf(root.Get("kind")),
		Namespace: textOf(meta.Get("namespace")), Name: textOf(meta.Get("name"))}
	if ref.Name == "" {
		ref.Name = textOf(meta.Get("generateName"))
	}
	return ref
}

// strict reports the findings of the type check.
func (d *decoder) strict(s *reading, r typecheck.Result) {
	expanded := isExpanded(s.root) || d.how != streamed && tektonFolder(d.name) != ""
	for _, f := range r.Faults {
		if expanded && strings.Contains(f.Message, "{{") {
			continue // the message quotes the value, which is not known yet
		}
		code := "field-type"
		switch f.What {
		case typecheck.Unknown:
			code = "field-unknown"
		case typecheck.Value:
			code = "value-type"
		case typecheck.Twice:
			code = "key-duplicate"
		}
		found := s.finding(code, f.Path, f.Mark, f.Message, f.Help)
		if s.holes.has(found) {
			continue
		}
		found.Subject = f.Subject
		found.Fixes = s.fixes(f.Fix)
		if f.Warning {
			found.Severity = diag.Warning
		}
		if f.First != nil {
			found.Related = []diag.Related{{Message: "first set here", Object: s.ref, Path: f.Path, Position: s.at(s.doc.Position(*f.First))}}
		}
		d.findings = append(d.findings, found)
	}
	s.lost = lostAt(r.Lost)
}
