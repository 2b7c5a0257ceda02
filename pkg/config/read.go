package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/tekwright/tekwright/internal/bounded"
	"github.com/tekwright/tekwright/internal/discovery"
	"github.com/tekwright/tekwright/internal/secrets"
	"github.com/tekwright/tekwright/internal/settings"
	"github.com/tekwright/tekwright/internal/suggest"
	"github.com/tekwright/tekwright/internal/yamlread"
	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

const (
	// largest is the maximum size of a configuration and of a profile.
	largest = 1 << 20
	// mostPatterns and longestPattern are limits, because each file is compared with
	// each pattern.
	mostPatterns, longestPattern = 1000, 256
)

// Read reads the text of a configuration, and the file that its field profile refers to.
// The file is the name of the configuration, for positions and relative paths. Codes are
// those of your own rules. The error is a [diag.Findings] with all mistakes.
func Read(file string, text []byte, codes ...string) (*Config, error) {
	folder := filepath.Dir(absolute(file))
	c := &Config{File: filepath.ToSlash(file), folder: folder, folded: &folded{}}
	p := &parser{config: c, file: c.File, codes: codes}
	r, root := settings.Open(text)
	p.Reader = r
	if root != nil {
		// The file comes first, whatever the order of the fields is.
		if n := root.Get("profile"); n != nil && n.Kind == yamlread.String {
			p.include(n)
		}
		fields := p.profileFields()
		fields["profile"] = func(_ yamlread.Key, n *yamlread.Node) { r.Text("profile", n, "the name of a file") }
		fields["baseline"] = func(key yamlread.Key, n *yamlread.Node) {
			switch text, ok := r.Text("baseline", n, "the name of a file"); {
			case ok && text == "":
				p.Fault(n.Mark, "baseline is empty", "use the name of a file, or remove the field")
			case ok:
				c.baseline, c.baselined = beside(c.File, text), p.at(key.Mark)
			}
		}
		fields["exclude"] = func(_ yamlread.Key, n *yamlread.Node) {
			p.patterns("exclude", n, func(one string, at diag.Position) {
				c.exclude = append(c.exclude, exclusion{discovery.Patterns{one}, at})
			})
		}
		fields["overrides"] = func(_ yamlread.Key, n *yamlread.Node) { p.overrides(n) }
		r.Map(root, "", fields)
		if len(p.Faults)+len(p.found) == 0 { // fields that do not fit each other
			n := root.Get("pipelinesVersion")
			if n == nil {
				n = root
			}
			p.valid(n, c.profile)
		}
	}
	p.report()
	if len(p.found) > 0 {
		p.found.Sort()
		return nil, p.found
	}
	return c, nil
}

// parser reads a configuration or its profile.
type parser struct {
	*settings.Reader
	config   *Config
	file     string
	codes    []string
	known    []string // codes, once needed
	compared int      // patterns so far
	found    diag.Findings
}

// report adds the mistakes of the reader to the findings.
func (p *parser) report() {
	for _, f := range p.Faults {
		f.Position.File = p.file
		p.found = append(p.found, finding(f.Position, f.Message, f.Help))
	}
}

// finding returns the finding for a mistake in a configuration.
func finding(at diag.Position, message, help string) diag.Finding {
	return diag.Finding{Code: "config-invalid", Severity: diag.Error, Position: at, Message: message, Help: help}
}

// include reads the file that the field profile refers to.
func (p *parser) include(n *yamlread.Node) {
	path := filepath.FromSlash(beside(p.file, n.Text))
	if leaves(p.file, path) {
		p.Fault(n.Mark, "the profile "+strconv.Quote(secrets.Addresses(n.Text))+" is outside of the repository", "copy it into the repository, or use the flag --profile")
		return
	}
	text, err := readSmall(path)
	if err != nil {
		p.Fault(n.Mark, "the profile "+strconv.Quote(secrets.Addresses(n.Text))+" cannot be read: "+reason(err), "use the path of a file, relative to this one")
		return
	}
	p.config.ProfileFile = filepath.ToSlash(path)
	inner := &parser{config: p.config, file: p.config.ProfileFile, codes: p.codes}
	r, root := settings.Open(text)
	inner.Reader = r
	if root != nil {
		r.Map(root, "", inner.profileFields())
	}
	inner.report()
	p.found = append(p.found, inner.found...)
}

// beside returns the path of a file, given relative to the folder of another file.
func beside(file, path string) string {
	path = filepath.FromSlash(path)
	if !filepath.IsAbs(path) {
		path = filepath.Join(filepath.Dir(filepath.FromSlash(file)), path)
	}
	return filepath.ToSlash(path)
}

// profileFields returns the fields of a profile, which are read one by one, so that a
// mistake has the position of its field.
func (p *parser) profileFields() settings.Fields {
	fields := settings.Fields{}
	c := p.config
	for name := range settings.FieldsOf(&c.profile) {
		fields[name] = func(key yamlread.Key, n *yamlread.Node) {
			faults := len(p.Faults)
			var one check.Profile
			p.Reader.Profile(&one, p.add(&c.settings, nil))[name](key, n)
			if len(p.Faults) > faults || !p.valid(n, one) {
				return
			}
			switch name {
			case "severities", "disabled":
				return
			case "persona":
				c.settings = append(c.settings, Setting{Persona: one.Persona, Position: p.at(key.Mark)})
				return
			}
			c.fields = append(c.fields, Field{name, p.at(key.Mark)})
			if name == "exists" {
				c.profile.Exists = append(c.profile.Exists, one.Exists...)
				return
			}
			one.Remotes = besideAll(p.file, one.Remotes)
			reflect.ValueOf(settings.FieldsOf(&c.profile)[name]).Elem().Set(reflect.ValueOf(settings.FieldsOf(&one)[name]).Elem())
			if !slices.Contains(c.set, name) {
				c.set = append(c.set, name)
			}
			for _, w := range check.ProfileWarnings(one) {
				c.Warnings = append(c.Warnings, p.at(n.Mark).String()+": "+strings.TrimPrefix(w, "profile: "))
			}
		}
	}
	fields["maxFindings"] = func(key yamlread.Key, _ *yamlread.Node) {
		p.Fault(key.Mark, "maxFindings is a limit of one check, not of some files", "use the flag --max-findings")
	}
	return fields
}

// valid reports whether the values of a field are valid.
func (p *parser) valid(n *yamlread.Node, one check.Profile) bool {
	err := check.ValidateProfile(one)
	if err == nil {
		return true
	}
	for line := range strings.SplitSeq(err.Error(), "\n") {
		message, help, _ := strings.Cut(strings.TrimPrefix(line, "profile: "), ": ")
		at := n.Mark
		if _, rest, ok := strings.Cut(message, "exists["); ok {
			digits, _, _ := strings.Cut(rest, "]")
			if i, err := strconv.Atoi(digits); err == nil && i < len(n.Items) {
				at = n.Items[i].Mark
			}
		}
		p.Fault(at, message, help)
	}
	return false
}

// at returns the position of a mark.
func (p *parser) at(m yamlread.Mark) diag.Position {
	at := p.At(m)
	at.File = p.file
	return at
}

// add returns a function that adds a setting of a rule.
func (p *parser) add(to *[]Setting, paths []string) func(key yamlread.Key, s settings.Severity) {
	return func(key yamlread.Key, s settings.Severity) {
		if _, ok := check.Lookup(key.Name); !ok && !slices.Contains(p.codes, key.Name) {
			help := `run "tekwright rules" to list the rules`
			if near := suggest.Name(key.Name, p.all()); near != "" {
				help = "did you mean " + strconv.Quote(near) + "?"
			}
			p.Fault(key.Mark, "unknown rule "+strconv.Quote(key.Name), help)
			return
		}
		*to = append(*to, Setting{Code: key.Name, Severity: s, Paths: paths, Position: p.at(key.Mark)})
	}
}

// all returns the codes of all rules.
func (p *parser) all() []string {
	if p.known == nil {
		p.known = slices.Clone(p.codes)
		for _, r := range slices.Concat(check.Rules(), check.OtherCodes()) {
			p.known = append(p.known, r.Code)
		}
	}
	return p.known
}

// patterns reads a list of patterns.
func (p *parser) patterns(field string, n *yamlread.Node, visit func(one string, at diag.Position)) {
	p.List(field, n, "a list of patterns", func(_ int, item *yamlread.Node) {
		one, ok := p.Text("an item of "+field, item, "a pattern of files and folders")
		if !ok {
			return
		}
		p.compared++
		err := discovery.Patterns{one}.Check()
		switch {
		case len(one) > longestPattern:
			p.Fault(item.Mark, fmt.Sprintf("a pattern is longer than %d characters", longestPattern), "use a shorter one")
		case p.compared == mostPatterns+1:
			p.Fault(item.Mark, fmt.Sprintf("more than %d patterns", mostPatterns), "use patterns that match more, such as those of folders")
		case err != nil:
			p.Fault(item.Mark, err.Error(), "")
		case strings.HasPrefix(one, "/"):
			p.Fault(item.Mark, "the pattern "+strconv.Quote(one)+" begins with a slash", "patterns are relative to this file: use "+strconv.Quote(strings.Trim(one, "/")+"/**")+" for a folder")
		case strings.HasPrefix(one, "!"):
			p.Fault(item.Mark, "the pattern "+strconv.Quote(one)+" begins with !, which does not negate it", "list only what is meant")
		case strings.Contains(strings.ReplaceAll(one, `\{`, ""), "{"):
			p.Fault(item.Mark, "the pattern "+strconv.Quote(one)+" has braces, which do not stand for alternatives", `use several patterns, or \{ for a brace`)
		case p.compared <= mostPatterns:
			visit(one, p.at(item.Mark))
		}
	})
}

// overrides reads the list of overrides.
func (p *parser) overrides(n *yamlread.Node) {
	const wants = "a list of maps with paths, and severities, disabled or persona"
	p.List("overrides", n, wants, func(_ int, item *yamlread.Node) {
		if item.Kind != yamlread.Map {
			p.Wrong("an item of overrides", item, "a map with paths, and severities, disabled or persona")
			return
		}
		var o override
		fields := settings.Fields{}
		var paths []string
		faults := len(p.Faults)
		if n := item.Get("paths"); n != nil && n.Kind != yamlread.Null {
			p.patterns("paths", n, func(one string, _ diag.Position) { paths = append(paths, one) })
		}
		if len(paths) == 0 && len(p.Faults) == faults {
			p.Fault(item.Mark, "an override has no paths", "add the patterns of the files that it is for, such as paths: [samples/**]")
		}
		o.paths = paths
		add := p.add(&o.settings, paths)
		fields["paths"] = func(yamlread.Key, *yamlread.Node) {}
		fields["severities"] = func(_ yamlread.Key, n *yamlread.Node) { p.Severities(n, add) }
		fields["disabled"] = func(_ yamlread.Key, n *yamlread.Node) { p.Disabled(n, add) }
		fields["persona"] = func(key yamlread.Key, n *yamlread.Node) {
			text, ok := p.Text("persona", n, "a string")
			if ok && p.valid(n, check.Profile{Persona: rule.Persona(text)}) {
				o.settings = append(o.settings, Setting{Persona: rule.Persona(text), Paths: paths, Position: p.at(key.Mark)})
			}
		}
		p.Map(item, "an override", fields)
		p.config.overrides = append(p.config.overrides, o)
	})
}

// readSmall reads a regular file that has to be small.
func readSmall(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("not a regular file")
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // opened to be read
	return bounded.ReadAll(f, largest)
}

// reason returns an error without the name of the file.
func reason(err error) string {
	var in *fs.PathError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "it does not exist"
	case errors.As(err, &in):
		return in.Err.Error()
	}
	return err.Error()
}
