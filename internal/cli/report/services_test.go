package report_test

import (
	"encoding/json"
	"encoding/xml"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/internal/cli/report"
	"github.com/tekwright/tekwright/internal/hostile"
	"github.com/tekwright/tekwright/pkg/diag"
)

// suites are a JUnit report.
type suites struct {
	XMLName xml.Name `xml:"testsuites"`
	Suites  []struct {
		Name     string `xml:"name,attr"`
		Tests    int    `xml:"tests,attr"`
		Failures int    `xml:"failures,attr"`
		Errors   int    `xml:"errors,attr"`
		Skipped  int    `xml:"skipped,attr"`
		Cases    []struct {
			ClassName string  `xml:"classname,attr"`
			Name      string  `xml:"name,attr"`
			File      string  `xml:"file,attr"`
			Line      int     `xml:"line,attr"`
			Failure   *result `xml:"failure"`
			Error     *result `xml:"error"`
			Skipped   *result `xml:"skipped"`
		} `xml:"testcase"`
	} `xml:"testsuite"`
}

type result struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr"`
	Text    string `xml:",chardata"`
}

// readJUnit reads a JUnit report, and tests that its numbers are right and its names
// unique, as GitLab expects.
func readJUnit(t *testing.T, out []byte) suites {
	t.Helper()
	var all suites
	require.NoError(t, xml.Unmarshal(out, &all), "%s", out)
	assert.Empty(t, hostile.Arrived(string(out), hostile.XML))
	names := map[string]bool{}
	for _, s := range all.Suites {
		failures, errors, skipped := 0, 0, 0
		for _, c := range s.Cases {
			assert.False(t, names[c.ClassName+"\x00"+c.Name], "two cases have one name: %q", c.Name)
			names[c.ClassName+"\x00"+c.Name] = true
			assert.Equal(t, s.Name, c.ClassName)
			for _, r := range []struct {
				*result
				n *int
			}{{c.Failure, &failures}, {c.Error, &errors}, {c.Skipped, &skipped}} {
				if r.result != nil {
					*r.n++
					assert.NotEmpty(t, r.Text)
				}
			}
		}
		assert.NotEmpty(t, s.Cases)
		assert.Equal(t, []int{len(s.Cases), failures, errors, skipped}, []int{s.Tests, s.Failures, s.Errors, s.Skipped})
	}
	return all
}

func TestJUnit(t *testing.T) {
	r := full()
	r.Texts["clean.yaml"] = "a: b\n"
	defer delete(texts, "clean.yaml") // it is the same map
	r.Findings = append(r.Findings, finding(at("a.yaml", 1, 1), "", func(f *diag.Finding) { f.Code = "yaml-invalid" }))
	all := readJUnit(t, write(t, "junit", r, report.Style{}))
	number, failures, skipped, unread := 0, 0, 0, 0
	for _, s := range all.Suites {
		number, failures, skipped, unread = number+s.Tests, failures+s.Failures, skipped+s.Skipped, unread+s.Errors
		if s.Name == "clean.yaml" {
			assert.Equal(t, 0, s.Failures+s.Errors+s.Skipped)
			assert.Equal(t, "no findings", s.Cases[0].Name)
		}
	}
	assert.Equal(t, len(r.Findings)+1, number)
	assert.Equal(t, 1, skipped)
	assert.Equal(t, 2, unread, "also file-unreadable")
	assert.Equal(t, len(r.Findings)-3, failures)
	first := all.Suites[1].Cases[0]
	assert.Equal(t, "a.yaml", first.File)
	assert.Equal(t, 1, first.Line)
	assert.Equal(t, `who-unknown: there is no param "who"`, first.Name)
	assert.Equal(t, &result{`there is no param "who"`, "who-unknown", "a.yaml:1:7: error who-unknown: there is no param \"who\"\n  help: did you mean \"whom\"?"}, first.Failure)
}

// TestJUnitTexts tests that no text breaks the XML, or gets lost.
func TestJUnitTexts(t *testing.T) {
	for _, text := range append(hostile.Texts(), "]]>", "</testsuites>", "&amp;", "\ufffe", "\U0010ffff", "a\x1bb") {
		f := finding(at(text+".yaml", 1, 1), "", func(f *diag.Finding) { f.Code, f.Message, f.Help, f.Object.Name = "x", "see "+text, text, text })
		out := write(t, "junit", report.Report{Findings: diag.Findings{f, f}}, report.Style{})
		all := readJUnit(t, out)
		require.Len(t, all.Suites, 1)
		require.Len(t, all.Suites[0].Cases, 2)
	}
	f := finding(at("a.yaml", 1, 1), "", func(f *diag.Finding) { f.Message = "a\x1bb <c> & \"d\"" })
	out := write(t, "junit", report.Report{Findings: diag.Findings{f}}, report.Style{})
	assert.Equal(t, `a\x1bb <c> & "d"`, readJUnit(t, out).Suites[0].Cases[0].Failure.Message)
}

func TestGitLab(t *testing.T) {
	r := full()
	r.Dir = "/home/me/repository"
	r.Findings = append(r.Findings, finding(at("/home/me/repository/tekton/a.yaml", 3, 1), ""), finding(at("/home/me/repository2/a.yaml", 3, 1), ""))
	var issues []struct {
		Description string
		CheckName   string `json:"check_name"`
		Fingerprint string
		Severity    string
		Location    struct {
			Path  string
			Lines struct{ Begin int }
		}
	}
	require.NoError(t, json.Unmarshal(write(t, "gitlab", r, report.Style{}), &issues))
	require.Len(t, issues, len(r.Findings))
	prints := map[string]bool{}
	for i, issue := range issues {
		f := r.Findings[i]
		assert.True(t, strings.HasPrefix(issue.Description, "there is no") || strings.HasPrefix(issue.Description, "it says"), issue.Description)
		assert.Equal(t, f.Code, issue.CheckName)
		assert.False(t, prints[issue.Fingerprint], "GitLab shows only the first of two with one fingerprint")
		prints[issue.Fingerprint] = true
		assert.Equal(t, map[diag.Severity]string{diag.Error: "major", diag.Warning: "minor", diag.Note: "info"}[f.Severity], issue.Severity)
		assert.NotEmpty(t, issue.Location.Path)
		assert.Positive(t, issue.Location.Lines.Begin)
	}
	n := len(issues)
	assert.Equal(t, "tekton/a.yaml", issues[n-2].Location.Path)
	assert.Equal(t, "/home/me/repository2/a.yaml", issues[n-1].Location.Path)
	assert.Equal(t, 3, issues[n-1].Location.Lines.Begin)
}
