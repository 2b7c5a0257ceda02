package pacmatch

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"regexp/syntax"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/tekwright/tekwright/internal/celenv"
	"github.com/tekwright/tekwright/internal/pac"
	"github.com/tekwright/tekwright/internal/printable"
)

// A Check is one of the checks that decide whether an event starts a run.
type Check string

// The checks, in the order in which they are made.
const (
	ByName             Check = "name"                  // the name in the request or in the comment
	Annotations        Check = "annotations"           // the run has annotations
	TargetNamespace    Check = "target-namespace"      // a Repository in that namespace
	OnComment          Check = "on-comment"            // the comment
	OnCEL              Check = "on-cel-expression"     // the expression
	OnLabel            Check = "on-label"              // the labels
	OnEvent            Check = "on-event"              // the kind of event
	OnTargetBranch     Check = "on-target-branch"      // the branch
	OnPathChange       Check = "on-path-change"        // the changed files
	OnPathChangeIgnore Check = "on-path-change-ignore" // the changed files
	Succeeded          Check = "succeeded"             // an earlier run for the commit
	Namespace          Check = "namespace"             // the namespace in which the run is created
)

// A Verdict says whether an event starts a run, and why.
type Verdict struct {
	Started bool
	// Check is the check that decided, and Reason says what it compared.
	Check  Check
	Reason string
}

// candidate is a run in a pass.
type candidate struct {
	name, generateName string
	annotations        map[string]string
}

// shown returns the name by which Pipelines-as-Code tells runs apart.
func (c candidate) shown() string {
	if c.generateName != "" {
		return c.generateName
	}
	return c.name
}

// A Stop is an error that ends the matching of all runs of a folder.
type Stop struct {
	// Run is the name of the run that has the mistake, and Annotation its annotation,
	// without the prefix.
	Run, Annotation string
	Err             error
	// Crash reports whether the controller crashes.
	Crash bool
}

// Error returns the reason.
func (s *Stop) Error() string {
	if s.Annotation == "" {
		return s.Err.Error()
	}
	return fmt.Sprintf("%s of run %q: %v", s.Annotation, s.Run, s.Err)
}

// Unwrap returns the cause.
func (s *Stop) Unwrap() error { return s.Err }

// pass compares all runs with the event once. It changes the event as Pipelines-as-Code
// does: expressions remove refs/heads/ from the branches of a push, and a comment that
// matches changes the type of the event. After a *Stop, no run starts.
func (s *session) pass(runs []candidate) (verdicts []Verdict, stop *Stop) {
	originalType := s.event.EventType
	params := s.matcherParams()
	for _, run := range runs {
		v, stop := s.judge(run, &originalType, &params)
		if stop != nil {
			stop.Run = run.shown()
			return nil, stop
		}
		verdicts = append(verdicts, v)
	}
	if t := s.event.EventType; t == typeRetestAll || t == typeOkToTest {
		for i, run := range runs {
			if verdicts[i].Started && s.event.SHA != "" && slices.Contains(s.in.Succeeded, run.shown()) {
				verdicts[i] = no(Succeeded, "a run with this name has already succeeded for the commit")
			}
		}
	}
	return verdicts, nil
}

func yes(c Check, format string, args ...any) Verdict {
	return Verdict{true, c, fmt.Sprintf(format, args...)}
}
func no(c Check, format string, args ...any) Verdict {
	return Verdict{false, c, fmt.Sprintf(format, args...)}
}

// judge compares one run with the event.
func (s *session) judge(run candidate, originalType *string, params *map[string]string) (Verdict, *Stop) {
	e := s.event
	if e.TargetRun != "" && e.TargetRun == strings.TrimSuffix(run.shown(), "-") {
		return yes(ByName, "the request has the name of the run"), nil
	}
	if run.annotations == nil {
		return no(Annotations, "the run has no annotations"), nil
	}
	if ns, ok := run.annotations[pac.TargetNamespace]; ok && repositoryFor(s.in.Repositories, e.URL, ns) == nil {
		return no(TargetNamespace, "no Repository in namespace %q has the URL %s", ns, e.URL), nil
	}
	if pattern, ok := run.annotations[pac.OnComment]; ok {
		// Compiling a pattern has a cost, too.
		if !s.work.Compare((1 + len(e.TriggerComment)) * (100 + instructions(pattern))) {
			return no(OnComment, "on-comment is not compared"), nil
		}
		re, err := regexp.Compile(pattern)
		if err != nil {
			return no(OnComment, "%q is not a regular expression: %v", pattern, err), nil
		}
		comment := strings.TrimSpace(strings.TrimPrefix(strings.TrimSuffix(e.TriggerComment, "\r\n"), "\r\n"))
		if re.MatchString(comment) {
			e.EventType = typeOnComment
			if e.EventType != *originalType {
				*params = s.matcherParams()
				*originalType = e.EventType
			}
			return yes(OnComment, "%q matches the comment %q", pattern, comment), nil
		}
		if e.EventType == typeIdle || e.EventType == typeOnComment {
			return no(OnComment, "%q does not match the comment %q", pattern, comment), nil
		}
	}
	switch e.EventType {
	case typeIdle:
		return no(OnComment, "the comment is not a command, and the run has no on-comment"), nil
	case typeOnComment:
		return no(OnComment, "the comment matches the on-comment of another run, and this run has none"), nil
	}
	if expr, ok := run.annotations[pac.OnCELExpression]; ok {
		return s.expression(expr, *params)
	}
	return s.annotated(run.annotations)
}

// instructions returns the approximate number of instructions of a regular expression.
func instructions(pattern string) int {
	parsed, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return 0
	}
	var count func(re *syntax.Regexp) int
	count = func(re *syntax.Regexp) int {
		n := 1 + len(re.Rune)
		for _, sub := range re.Sub {
			n += count(sub)
		}
		if re.Op == syntax.OpRepeat {
			n *= max(re.Min, re.Max, 1)
		}
		return n
	}
	return count(parsed)
}

// annotated compares the annotations that are not expressions.
func (s *session) annotated(annotations map[string]string) (Verdict, *Stop) {
	e := s.event
	_, hasLabel := annotations[pac.OnLabel]
	if e.Target == "pull_request" && e.EventType == typeLabeled && !hasLabel {
		return no(OnLabel, "a label was added, and the run has no on-label"), nil
	}
	var onEvent, onBranch string
	if value, ok := annotations[pac.OnEvent]; ok {
		targets := []string{e.Target}
		if e.EventType == "incoming" {
			targets = []string{"incoming", "push"}
		}
		v, stop := s.listed(OnEvent, value, targets, false)
		if stop != nil || !v.Started {
			return v, stop
		}
		onEvent = value
	}
	if value, ok := annotations[pac.OnTargetBranch]; ok {
		v, stop := s.listed(OnTargetBranch, value, []string{e.BaseBranch}, true)
		if stop != nil || !v.Started {
			return v, stop
		}
		onBranch = value
	}
	switch {
	case onEvent == "" && onBranch == "":
		if pattern := annotations[pac.OnComment]; pattern != "" {
			return no(OnComment, "on-comment %q does not match the comment %q, and no other annotation says which events start the run", pattern, strings.TrimSpace(e.TriggerComment)), nil
		}
		return no(OnEvent, "the run has no annotation that says which events start it"), nil
	case onEvent == "":
		return no(OnEvent, "the run has on-target-branch, but not on-event"), nil
	case onBranch == "":
		return no(OnTargetBranch, "the run has on-event, but not on-target-branch"), nil
	}
	why := fmt.Sprintf("on-event %q matches %s, on-target-branch %q matches %s", onEvent, e.Target, onBranch, e.BaseBranch)
	for _, a := range []struct {
		check Check
		key   string
		with  []string
		globs bool
	}{
		{OnPathChange, pac.OnPathChange, s.files().All, true},
		{OnLabel, pac.OnLabel, e.Labels, false},
		{OnPathChangeIgnore, pac.OnPathChangeIgnore, s.files().All, true},
	} {
		value, ok := annotations[a.key]
		if !ok {
			continue
		}
		v, stop := s.listed(a.check, value, a.with, a.globs)
		if stop != nil {
			return v, stop
		}
		switch {
		case a.check == OnPathChangeIgnore && v.Started:
			return Verdict{false, a.check, v.Reason}, nil
		case a.check != OnPathChangeIgnore && !v.Started:
			return v, nil
		case v.Started:
			why += ", and " + v.Reason
		}
	}
	return yes(OnTargetBranch, "%s", why), nil
}

// listed compares the values of a list with texts. The verdict says which value matches.
func (s *session) listed(check Check, annotation string, texts []string, globs bool) (Verdict, *Stop) {
	fail := func(err error, crash bool) (Verdict, *Stop) {
		return Verdict{}, &Stop{Annotation: string(check), Err: err, Crash: crash}
	}
	if annotation == "[]" {
		return fail(errors.New("the list is empty"), false)
	}
	values, err := pac.List(annotation)
	if err != nil {
		return fail(err, false)
	}
	found, with := "", ""
	for _, value := range values {
		for _, text := range texts {
			matched := value == text
			if globs {
				m, err := s.refMatches(value, text)
				if s.work.Err() != nil {
					return no(check, "%s is not compared", check), nil
				}
				if err != nil {
					if errors.Is(err, ErrGlobLimit) {
						s.note("%s: the pattern %q is too large to be tried", check, value)
						continue
					}
					return fail(fmt.Errorf("%q: %w", value, err), true)
				}
				matched = matched || m
			}
			if matched {
				found, with = value, text
			}
		}
	}
	if found == "" {
		return no(check, "%s %q does not match%s", check, annotation, several(check, texts)), nil
	}
	return yes(check, "%s %q matches %s", check, found, with), nil
}

// refMatches is [RefMatches] within the work of the event.
func (s *session) refMatches(pattern, text string) (bool, error) {
	pattern, text = completed(pattern, text)
	if !s.work.Compare(eachComparison + len(pattern)) {
		return false, s.work.Err()
	}
	g, err := Compile(pattern)
	if err != nil {
		return false, err
	}
	return g.match(text, s.work.Compare)
}

// several returns the first of some texts, and how many others there are.
func several(check Check, texts []string) string {
	switch n := len(texts); {
	case n == 0 && check == OnLabel:
		return ", because the event has no labels"
	case n == 0:
		return ", because no changed files are known"
	case n == 1 && texts[0] == "":
		return " an empty text"
	case n > 3:
		return " " + strings.Join(texts[:3], ", ") + " and " + strconv.Itoa(n-3) + " more"
	}
	return " " + strings.Join(texts, ", ")
}

// expression evaluates an expression.
func (s *session) expression(expr string, params map[string]string) (Verdict, *Stop) {
	e := s.event
	if s.work.Err() != nil { // to compile the expression is work, too
		return no(OnCEL, "the expression is not evaluated"), nil
	}
	env, err := s.matcherEnv(slices.Sorted(maps.Keys(params)))
	if err != nil {
		return no(OnCEL, "%v", err), nil
	}
	m, err := env.Compile(expr)
	if err != nil {
		return no(OnCEL, "the expression is not valid: %v", err), nil
	}
	if e.Target == "push" && !m.HasFullBranch() {
		if m.Mentions("target_branch") {
			e.BaseBranch = strings.TrimPrefix(e.BaseBranch, heads)
		}
		if m.Mentions("source_branch") {
			e.HeadBranch = strings.TrimPrefix(e.HeadBranch, heads)
		}
	}
	if e.Target == "pull_request" && e.EventType == typeLabeled && !m.ReadsLabels() {
		return no(OnCEL, "a label was added, and the expression uses neither event_type nor labels"), nil
	}
	title := e.PullRequestTitle
	if e.Target == "push" {
		title = e.SHATitle
	}
	var files Files
	if m.Mentions("files") {
		files = s.files()
	}
	headers := map[string]string{}
	for k, v := range e.Headers {
		headers[strings.ToLower(k)] = v[0]
	}
	data := map[string]any{
		"event": e.Target, "event_type": e.EventType, "event_title": title,
		"target_branch": e.BaseBranch, "source_branch": e.HeadBranch,
		"target_url": e.BaseURL, "source_url": e.HeadURL,
		"body": e.Body, "headers": headers, "files": files.lists(),
	}
	for k, v := range params {
		if slices.Contains(celenv.MatcherVariables, k) {
			s.note("the param %q has the name of a variable of expressions, which wins", k)
			continue
		}
		data[k] = v
	}
	s.globErr = nil
	hides := slices.ContainsFunc(slices.Sorted(maps.Keys(s.hidden)), m.Mentions)
	ok, value, err := m.Eval(data, s.work.Expressions)
	if s.globErr != nil {
		err = s.globErr // || does not absorb it
	}
	switch {
	case err != nil && hides: // cel-go quotes the value
		return no(OnCEL, "the expression has an error, which is not shown because it may contain a value from a Secret"), nil
	case err != nil:
		return no(OnCEL, "the expression has an error: %v", err), nil
	case ok:
		return yes(OnCEL, "the expression is true"), nil
	case value == "false":
		return s.isFalse(env, m, expr, params, data), nil
	}
	if hides {
		value = printable.Hidden
	}
	return no(OnCEL, "the expression is %s, not true", value), nil
}

// matcherEnv returns an environment for the params. Most runs have the same.
func (s *session) matcherEnv(params []string) (*celenv.MatcherEnv, error) {
	if s.env == nil || !slices.Equal(s.envParams, params) {
		env, err := celenv.NewMatcherEnv(params, s.changed)
		if err != nil {
			return nil, err
		}
		s.env, s.envParams = env, params
	}
	return s.env, nil
}

// isFalse returns why an expression is false: the first of the conditions joined by && that
// is, and the values of the variables in it. It does not show the text of an expression into
// which the value of a Secret was inserted.
func (s *session) isFalse(env *celenv.MatcherEnv, m *celenv.MatcherExpression, expr string, params map[string]string, data map[string]any) Verdict {
	parts := m.Conjuncts()
	for name := range s.hidden {
		if v := params[name]; v != "" && strings.Contains(expr, v) {
			parts = nil
		}
	}
	for _, text := range parts {
		part, err := env.Compile(text)
		if err != nil {
			break
		}
		s.globErr = nil
		if _, value, err := part.Eval(data, s.work.Expressions); err == nil && s.globErr == nil && value == "false" {
			return no(OnCEL, "the expression is false, because of %s%s", shortened(text), s.compared(part, data))
		}
	}
	return no(OnCEL, "the expression is false%s", s.compared(m, data))
}

// shortened returns a condition in one line that is not too long.
func shortened(text string) string {
	const most = 600
	text = strings.Join(strings.Fields(text), " ")
	if len(text) <= most {
		return text
	}
	at := most
	for !utf8.RuneStart(text[at]) {
		at--
	}
	return text[:at] + "…"
}

// compared returns the values of the variables that an expression uses.
func (s *session) compared(m *celenv.MatcherExpression, data map[string]any) string {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(data)) {
		v, isText := data[name].(string)
		if !isText || !m.Mentions(name) {
			continue
		}
		if s.hidden[name] {
			v = printable.Hidden
		}
		parts = append(parts, fmt.Sprintf("%s is %q", name, v))
	}
	if m.Calls("pathChanged") || m.Mentions("files") {
		switch n := len(s.files().All); {
		case s.event.Provider == "bitbucket-cloud":
			parts = append(parts, "Bitbucket Cloud does not tell which files are changed")
		case n == 0:
			parts = append(parts, "no changed files are known")
		default:
			parts = append(parts, "changed:"+several(OnPathChange, s.files().All))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return ": " + strings.Join(parts, ", ")
}

// changed is pathChanged.
func (s *session) changed(pattern string) (bool, error) {
	g, err := Compile(pattern)
	for _, name := range s.files().All {
		if !s.work.Compare(eachComparison + len(pattern)) {
			return false, s.work.Err()
		}
		if err == nil {
			var ok bool
			if ok, err = g.match(name, s.work.Compare); ok {
				return true, nil
			}
		}
		if s.work.Err() != nil {
			return false, s.work.Err()
		}
		if errors.Is(err, ErrGlobLimit) {
			s.note("the pattern %q is too large to be tried", pattern)
			return false, nil
		}
		if err != nil {
			s.globErr = fmt.Errorf("%q: %w", pattern, err)
			return false, s.globErr
		}
	}
	return false, nil
}
