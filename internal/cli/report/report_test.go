package report_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/internal/cli/report"
	"github.com/tekwright/tekwright/internal/golden"
	"github.com/tekwright/tekwright/internal/hostile"
	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/diag"
)

// texts are files with characters that make positions difficult.
var texts = map[string]string{
	"a.yaml": "\ufeffkind: Task\r\n" +
		"spec: {params: [{name: \"a, b\", type: strin}], description: 'it''s # one'}\r\n" +
		"  - name: greet # the first\r\n" +
		"\tscript: echo \t$(params.who) \"$(params.who)\"\r\n" +
		"  description: 日本語 👋 $(params.who) é\u0301 x\r\n",
	"long.yaml": "short: " + strings.Repeat("x", 110) + "\n" +
		"args: " + strings.Repeat("abc ", 40) + "$(params.who) " + strings.Repeat("xyz ", 40) + "\n" +
		"image: " + strings.Repeat("very/", 60) + "long\n" +
		"steer: \x1b[31mred\x07 \u202eright to left\n",
}

// at returns a position.
func at(file string, line, column int) diag.Position {
	return diag.Position{File: file, Line: line, Column: column}
}

func finding(p diag.Position, excerpt string, change ...func(*diag.Finding)) diag.Finding {
	f := diag.Finding{
		Code: "who-unknown", Severity: diag.Error, Position: p, Excerpt: excerpt,
		Object:  diag.ObjectRef{APIVersion: "tekton.dev/v1", Kind: "Task", Namespace: "ci", Name: "greet"},
		Path:    diag.Fields("spec", "steps").Index(0).Field("script"),
		Message: `there is no param "who"`, Help: `did you mean "whom"?`, Subject: "who",
	}
	for _, c := range change {
		c(&f)
	}
	return f
}

func full() report.Report {
	warn := func(f *diag.Finding) { f.Severity = diag.Warning }
	note := func(f *diag.Finding) { f.Severity, f.Help = diag.Note, "" }
	return report.Report{
		Texts: texts, Objects: 12, Files: 2, Hidden: 3, Version: "v1.2.3",
		Findings: diag.Findings{
			finding(at("a.yaml", 1, 7), ""),
			finding(at("a.yaml", 2, 24), "", warn),
			finding(at("a.yaml", 2, 38), "", warn),
			finding(at("a.yaml", 2, 60), "", note),
			finding(at("a.yaml", 3, 11), "", func(f *diag.Finding) {
				f.Related = []diag.Related{
					{Message: "the first is declared", Position: at("a.yaml", 1, 1), Object: f.Object, Path: diag.Fields("spec")},
					{Message: "a far one", Position: at("long.yaml", 1, 1)},
					{Message: "without a position"},
					{Message: "the fourth", Position: at("a.yaml", 2, 1)},
				}
			}),
			finding(at("a.yaml", 3, 5), "", func(f *diag.Finding) { f.Path = diag.Fields("spec", "params").Index(1) }),
			finding(at("a.yaml", 3, 5), ""),
			finding(at("a.yaml", 2, 18), "", func(f *diag.Finding) { f.Path = diag.Fields("spec", "params").Index(0) }),
			finding(at("a.yaml", 4, 16), "$(params.who)"),
			finding(at("a.yaml", 5, 22), "$(params.who)", func(f *diag.Finding) { f.Help = "write two lines:\nthis is the second" }),
			finding(at("a.yaml", 5, 36), ""),
			finding(at("a.yaml", 7, 3), ""),
			finding(at("a.yaml", 3, 0), ""),
			finding(at("a.yaml", 0, 0), "", func(f *diag.Finding) { f.Code, f.Object = "file-unreadable", diag.ObjectRef{} }),
			finding(at("long.yaml", 1, 8), ""),
			finding(at("long.yaml", 2, 167), "$(params.who)"),
			finding(at("long.yaml", 2, 7), "abc"),
			finding(at("long.yaml", 3, 8), ""),
			finding(at("long.yaml", 4, 8), "", func(f *diag.Finding) { f.Message = "it says \x1b[2J\nand more" }),
			finding(diag.Position{}, ""),
		},
	}
}

func write(t *testing.T, format string, r report.Report, s report.Style) []byte {
	t.Helper()
	var out bytes.Buffer
	require.NoError(t, report.Write(&out, format, r, s))
	return out.Bytes()
}

func TestFormats(t *testing.T) {
	assert.Equal(t, "text", report.Formats()[0])
	for _, format := range report.Formats() {
		t.Run(format, func(t *testing.T) {
			golden.Check(t, "testdata/full."+format, write(t, format, full(), report.Style{}))
			golden.Check(t, "testdata/none."+format, write(t, format, report.Report{Objects: 1, Files: 1, LeftOut: 2}, report.Style{}))
		})
	}
	assert.Error(t, report.Write(new(bytes.Buffer), "xml", full(), report.Style{}))
}

func TestStyles(t *testing.T) {
	golden.Check(t, "testdata/brief.text", write(t, "text", full(), report.Style{Brief: true}))
	golden.Check(t, "testdata/color.text", write(t, "text", full(), report.Style{Color: true}))
	assert.Empty(t, write(t, "text", report.Report{Objects: 1, Files: 1}, report.Style{Brief: true}))

	// Colors are the only escape sequences.
	plain := write(t, "text", full(), report.Style{})
	assert.NotContains(t, string(plain), "\x1b")
	colored := write(t, "text", full(), report.Style{Color: true})
	for _, code := range []string{"0", "1", "34", "1;31", "1;33", "1;36"} {
		colored = bytes.ReplaceAll(colored, []byte("\x1b["+code+"m"), nil)
	}
	assert.Equal(t, string(plain), string(colored))
}

// TestEscapes tests that the text of a finding cannot end a GitHub command.
func TestEscapes(t *testing.T) {
	f := finding(at("a,b:c%.yaml", 1, 1), "", func(f *diag.Finding) {
		f.Message, f.Help = "100%\r\n::error::no", "a: b, c"
	})
	got := string(write(t, "github", report.Report{Findings: diag.Findings{f}}, report.Style{}))
	assert.Equal(t, "::error file=a%2Cb%3Ac%25.yaml,line=1,col=1,endColumn=1,title=who-unknown::100%25 ::error::no%0Ahelp: a: b, c\n", got)
}

// TestSARIF checks requirements of the standard.
func TestSARIF(t *testing.T) {
	var log struct {
		Schema  string `json:"$schema"`
		Version string
		Runs    []struct {
			Tool struct {
				Driver struct {
					Name, Version string
					Rules         []struct {
						ID                   string
						ShortDescription     *struct{ Text string }
						DefaultConfiguration struct{ Level string }
					}
				}
			}
			ColumnKind string
			Results    []struct {
				RuleID, Level       string
				RuleIndex           int
				Message             struct{ Text string }
				Locations           []location
				RelatedLocations    []location
				PartialFingerprints map[string]string
			}
		}
	}
	require.NoError(t, json.Unmarshal(write(t, "sarif", full(), report.Style{}), &log))
	assert.Equal(t, "2.1.0", log.Version)
	require.Len(t, log.Runs, 1)
	run := log.Runs[0]
	assert.Equal(t, "v1.2.3", run.Tool.Driver.Version)
	assert.Equal(t, "unicodeCodePoints", run.ColumnKind)
	levels := []string{"error", "warning", "note"}
	for _, r := range run.Tool.Driver.Rules {
		assert.NotEmpty(t, r.ShortDescription.Text)
		assert.Contains(t, levels, r.DefaultConfiguration.Level)
	}
	require.Len(t, run.Results, len(full().Findings))
	ids := map[string]bool{}
	for _, r := range run.Results {
		assert.Equal(t, r.RuleID, run.Tool.Driver.Rules[r.RuleIndex].ID)
		assert.Contains(t, levels, r.Level)
		assert.NotEmpty(t, r.Message.Text)
		for _, id := range r.PartialFingerprints {
			assert.False(t, ids[id], "two results share a fingerprint")
			assert.Len(t, id, 32)
			ids[id] = true
		}
		for _, l := range append(r.Locations, r.RelatedLocations...) {
			l.check(t)
		}
	}
}

type location struct {
	PhysicalLocation *struct {
		ArtifactLocation struct{ URI string }
		Region           *struct{ StartLine, StartColumn, EndColumn int }
	}
}

func (l location) check(t *testing.T) {
	t.Helper()
	if l.PhysicalLocation == nil {
		return
	}
	assert.NotEmpty(t, l.PhysicalLocation.ArtifactLocation.URI)
	if r := l.PhysicalLocation.Region; r != nil {
		assert.Positive(t, r.StartLine)
		assert.GreaterOrEqual(t, r.EndColumn, r.StartColumn)
	}
}

// TestSARIFRules tests the descriptions of rules.
func TestSARIFRules(t *testing.T) {
	f := finding(at("a.yaml", 1, 1), "", func(f *diag.Finding) { f.Code, f.Severity = "param-missing", diag.Note })
	rule, ok := check.Lookup(f.Code)
	require.True(t, ok)
	out := string(write(t, "sarif", report.Report{Findings: diag.Findings{f}}, report.Style{}))
	for _, text := range []string{rule.Doc().Summary, rule.Doc().Text, "## Bad\n\n```yaml\n" + rule.Doc().Bad + "```\n"} {
		quoted, err := json.Marshal(text)
		require.NoError(t, err)
		assert.Contains(t, out, strings.Trim(string(quoted), `"`))
	}
	assert.Contains(t, out, `"level": "error"`)
	assert.Contains(t, out, `"level": "note"`)
}

// shut is a writer that always fails.
type shut struct{}

func (shut) Write([]byte) (int, error) { return 0, errors.New("it is shut") }

func TestWriteFails(t *testing.T) {
	for _, format := range report.Formats() {
		assert.ErrorContains(t, report.Write(shut{}, format, full(), report.Style{}), "it is shut", format)
	}
}

// FuzzSpan tests that reports work for any position in any text, and that the
// underlined part is within the line.
func FuzzSpan(f *testing.F) {
	f.Add(texts["a.yaml"], 2, 24, "strin")
	f.Add("a: [\"b\\", 1, 5, "")
	f.Add("\t'", 1, 2, "'")
	f.Fuzz(func(t *testing.T, text string, line, column int, excerpt string) {
		one := finding(at("a.yaml", line, column), excerpt)
		r := report.Report{Findings: diag.Findings{one}, Texts: map[string]string{"a.yaml": text}}
		for _, format := range report.Formats() {
			out := write(t, format, r, report.Style{})
			if format == "text" {
				for l := range strings.Lines(string(out)) {
					if marks := strings.Count(l, "^"); strings.Contains(l, " | ") && strings.Trim(l, " |^\n") == "" {
						assert.LessOrEqual(t, marks, 120)
					}
				}
			}
			switch format {
			case "json", "sarif", "gitlab":
				assert.True(t, json.Valid(out))
			case "junit":
				readJUnit(t, out)
			}
		}
	})
}

// TestSecrets tests that no report shows a value of a Secret, wherever a finding is and
// whatever it says.
func TestSecrets(t *testing.T) {
	for name, text := range hostile.Secrets {
		r := report.Report{Texts: map[string]string{"a.yaml": text}}
		form := hostile.Shown(text)[0]
		for i, line := range strings.Split(text, "\n") {
			for column := range len([]rune(line)) + 2 {
				r.Findings = append(r.Findings, finding(at("a.yaml", i+1, column), form, func(f *diag.Finding) {
					f.Message, f.Help = "it is", "write it"
					f.Related = []diag.Related{{Message: "here", Position: at("a.yaml", i+1, column/2), Excerpt: form}}
				}))
			}
		}
		for _, format := range report.Formats() {
			assert.Empty(t, hostile.Shown(string(write(t, format, r, report.Style{}))), "%s of %s", format, name)
		}
	}
	// A message may repeat it.
	f := finding(at("a.yaml", 5, 14), "", func(f *diag.Finding) {
		f.Message = `"` + hostile.Canary + `" is wrong`
		f.Help = "not " + hostile.Canary
	})
	r := report.Report{Texts: map[string]string{"a.yaml": hostile.Secrets["stringData"]}, Findings: diag.Findings{f}}
	for _, format := range report.Formats() {
		out := string(write(t, format, r, report.Style{}))
		assert.Empty(t, hostile.Shown(out), format)
		assert.Contains(t, out, "***", format)
	}
	// So may one about another file.
	elsewhere := report.Report{Texts: map[string]string{"a.yaml": hostile.Secrets["stringData"], "b.yaml": "a: b\n"}, Findings: diag.Findings{
		finding(at("b.yaml", 1, 1), "", func(f *diag.Finding) {
			f.Message, f.Help = "not "+hostile.Canary, `not "`+hostile.Canary+`"`
			f.Related = []diag.Related{{Message: "like " + hostile.Canary, Position: at("a.yaml", 1, 1)}}
		}),
	}}
	for _, format := range report.Formats() {
		assert.Empty(t, hostile.Shown(string(write(t, format, elsewhere, report.Style{}))), format)
	}
	// The part is not marked by its length.
	assert.Contains(t, string(write(t, "github", r, report.Style{})), "col=14,endColumn=14")
}

// TestLinks tests that no part of a message is a link in SARIF.
func TestLinks(t *testing.T) {
	f := finding(at("a.yaml", 1, 1), "", func(f *diag.Finding) { f.Message = "see [a](http://evil) and [0]" })
	assert.Contains(t, string(write(t, "sarif", report.Report{Findings: diag.Findings{f}}, report.Style{})), `"see \\[a\\](http://evil) and [0]`)
}
