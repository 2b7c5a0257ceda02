package negative

import "regexp"

// excuse is an error of ours in what Tekton's admission accepts, and why it is
// one all the same.
type excuse struct {
	code    string
	message *regexp.Regexp
	why     string
}

func known(code, message, why string) excuse { return excuse{code, regexp.MustCompile(message), why} }

// Why an error of ours is right although Tekton accepts the object.
const (
	unchecked = "Tekton looks at this at run time only, and the run fails"
	literal   = "Tekton does not look at this, and it stays a literal $(...)"
	unserved  = "the struct is still in Tekton's code, but no cluster serves the kind"
	body      = "Tekton does not look into templates: the API server or the webhook refuses what the event creates"
	event     = "admission only parses the expression: the interceptor refuses each event"
	alone     = "the test is of a part alone: around it stands nothing that it could name"
)

// accepted is looked up by the first entry that fits.
var accepted = []excuse{
	known("resolver-invalid", `^the git resolver needs param "pathInRepo"$`, unchecked),
	known("param-missing", `^(PipelineRun|TaskRun) ".*" does not set param "(pipeline-words-2|task-words-2)"`, unchecked),
	known("param-missing", `^task "(foo|echoit|task-consuming-results)" does not set param`, unchecked),
	known("reference-invalid", `^the pipelineRef of task "foo" has no name$`, unchecked),
	known("task-missing", `^the pipelineSpec of task "foo" has no tasks$`, unchecked),
	known("env-invalid", `^environment variable "SOME_KEY_\d" of the stepTemplate has the invalid name "A_NAME"`, unchecked),
	known("script-unrunnable", `^the script of (step ".*"|the unnamed step spec\.steps\[0\]) has whitespace before #!`, unchecked),
	known("result-unknown", `^\$\(tasks\.pipeline-words\.results\.hello(\[\*\])?\) refers to a result that .* does not declare$`, unchecked),

	known("variable-scope", `^\$\(tasks\.produce-artifacts-task\.outputs\.image\) is not replaced in params\.value`, literal),
	known("variable-unknown", `^\$\(tasks(\.taskname)?\) is not a Tekton variable`, literal),
	known("param-unknown", `^Pipeline "x" declares no param "(foobar|barfoo)"; `, literal),
	known("param-unknown", `^Pipeline "x" declares no param "foo"; `, alone),
	known("step-unknown", `^\$\(steps\.step-name\.results\.resultName\) refers to step "step-name", which Task "x" does not have`, alone),

	known("version-removed", `^Tekton no longer has the kind Run$`, unserved),

	known("spec-missing", `^this (PipelineRun|TaskRun) has neither `, body),
	known("field-unknown", `^unknown field "taskRunTemplate"$`, body),
	known("kind-unknown", `^"batch/Job" is not a kind`, body),
	known("name-invalid", `^(this PipelineRun|the (batch/Job|Run) of TriggerTemplate "tt") has no name$`, body),

	known("cel-invalid", `undeclared reference to '(test|testing)'`, event),
}

// mending is a refusal of a part alone that no object can bring about.
type mending struct {
	message *regexp.Regexp
	why     string
}

func mends(message, why string) mending { return mending{regexp.MustCompile(message), why} }

const (
	defaults = "what is missing is filled in before it is validated, and then it is right, or wrong in other words"
	empty    = "the struct is empty, which no object can say"
	newForm  = "an interceptor of the old form is made one of the new form before it is validated"
)

var mended = []mending{
	mends(`^invalid value: custom task ref must specify kind (tasks\[0\]\.)?taskRef\.kind$`, defaults),
	mends(`^invalid value: invalid kind spec\.triggers\[0\]\.bindings\[0\]\.kind$`, defaults),
	mends(`^invalid value: .* should be <= default (timeout|pipeline) duration`, defaults),
	mends(`^resolver params requires "enable-api-fields" feature gate`, empty),
	mends(`^missing field\(s\) spec$`, empty),
	mends(`^expected exactly one, got both spec\.triggers\[0\]\.interceptors\[0\]\.cel\.filter, `, newForm),
	mends(`(?s)^invalid value: failed to parse the DeprecatedCEL`, newForm),
}
