package negative

import "regexp"

// absence matches what Tekton says of a field that is not there, or that is
// there beside another: it names the field, and we what has to have it.
var absence = regexp.MustCompile(`^(missing field|expected |must not set|workspace mount path|invalid (value|key name|resource name):? ""|invalid value: (invalid (kind$|apiVersion)|spec.tasks is empty))|must specify|cannot be specified`)

// meaning is which rules speak of a message of Tekton's.
type meaning struct {
	message, codes *regexp.Regexp
}

func means(message, codes string) meaning {
	return meaning{regexp.MustCompile(message), regexp.MustCompile(`^(` + codes + `)$`)}
}

// meanings holds, the first that fits, which rules may answer a message. What
// is not listed may be answered by any, at the same field.
var meanings = []meaning{
	means(`^feature flag|requires "|forbidden env`, `feature-gate`),
	means(`^missing field`, `.*-(missing|invalid)|spec-conflict|template-body|version-removed`),
	means(`^expected exactly one, got neither`, `spec-missing|(binding|policy)-invalid|version-removed`),
	means(`^expected exactly one`, `spec-(conflict|missing)|listener-field|.*-(duplicate|invalid)|version-removed`),
	means(`^expected at least one`, `task-missing`),
	means(`reserved sidecar name|name format is invalid|variable names is invalid|^invalid key name|^invalid (value|resource name) "`, `name-invalid`),
	means(`enum`, `enum-invalid`),
	means(`cannot use result expressions|substitutions are only allowed`, `variable-(scope|ignored)`),
	means(`^invalid value: couldn't add link`, `task-unknown|variable-syntax`),
	means(`cycle detected|circular dependency`, `cycle`),
	means(`from a final task|no runAfter allowed|execution status of any other`, `finally-misuse`),
	means(`is not defined in the pipeline|from a task .* which is not`, `task-unknown`),
	means(`non-existent variable|undeclared param|which is not defined|invalid variable reference`, `(param|key|variable|task|result)-unknown`),
	means(`variable type invalid|does not match default value's type|value type specified`, `(param|result)-type`),
	means(`^invalid value: operator`, `when-invalid`),
	means(`expects workspace`, `workspace-unknown`),
	means(`is not supported: referenced task uses`, `result-nested`),
	means(`underlying type string`, `result-type|matrix-.*`),
	means(`can only be consumed in aggregate`, `matrix-.*`),
	means(`already present in Graph|appears more than once|must be unique`, `.*-duplicate|debug-invalid`),
	means(`payload-validation`, `annotation-invalid`),
	means(`^invalid cel expression|^cel and input`, `when-invalid`),
	means(`OnError`, `onerror-invalid`),
	means(`TLS_CERT`, `listener-field`),
}

// detour is a path of Tekton's that does not lead to the fault.
type detour struct {
	message, from *regexp.Regexp
	to            string
}

func misleads(message, from, to string) detour {
	return detour{regexp.MustCompile(message), regexp.MustCompile(from), to}
}

// misled are the paths of Tekton's that lead to no field, or to another one,
// and where they should.
var misled = []detour{
	// The params of a pipeline are checked with each list of its tasks.
	misleads(``, `^spec\.(?:tasks|finally)\.params(.*)\.default\.type$`, `spec.params$1.default`),
	misleads(``, `^spec\.(?:tasks|finally)\.params(.*)$`, `spec.params$1`),
	misleads(`^missing`, `^spec\.([^.]+)\.properties$`, `spec.params.$1.properties`),
	misleads(`^missing`, `^spec\.([^.]+)\.properties$`, `spec.taskSpec.params.$1.properties`),
	misleads(``, `^params(\[\d+\].*)$`, `spec.params$1`),
	// What Go calls a field, or Tekton the name of something, stands between.
	misleads(``, `\.default\.type$`, `.default`),
	misleads(``, `\.interceptor\.`, `.`),
	misleads(``, `^(spec\.results\[\d+\])\.[^.]+\.(properties|value)$`, `$1.$2`),
	misleads(``, `^spec\.steps\.results\[(\d+)\]\[(\d+)\](?:\.[^.]+)?\.(name|type|properties)$`, `spec.steps[$1].results[$2].$3`),
	misleads(``, `\.kubernetesResource\.spec\.replicas$`, `.kubernetesResource.replicas`),
	misleads(`got both`, `\.matrix\[[^\]]*\]$`, `.matrix`),
	misleads(``, `(\.params\[[^\]]*\])\.properties(\[[^\]]*\])$`, `$1.value$2`),
	misleads(``, `\.negative timeout$`, `.timeout`),
	misleads(`^invalid cel expression`, `(?s)^(spec\.tasks\[\d+\]\.when\[\d+\])\..*$`, `$1.cel`),
	misleads(``, `\.volumeMount\[`, `.volumeMounts[`),
	misleads(``, `\.stepSpecs\.resources$`, `.stepSpecs.computeResources`),
	// The path begins too late, or something is left out.
	misleads(``, `^(resources|authorities|mode|statusMessage)$`, `spec.$1`),
	misleads(``, `^key\[(\d+)\]`, `spec.authorities[$1].key`),
	misleads(``, `^ResourcePattern$`, `spec.resources.pattern`),
	misleads(``, `^spec\.resourcetemplates`, `spec.template.spec.resourcetemplates`),
	misleads(``, `^(spec\.steps\[\d+\])\.(name|params|resolver)$`, `$1.ref.$2`),
	misleads(`^non-existent`, `^(spec\.(?:tasks|finally)\[\d+\])\.steps`, `$1.taskSpec.steps`),
	misleads(`^non-existent`, `^spec\.steps`, `spec.taskSpec.steps`),
	misleads(`^non-existent`, `^spec\.steps`, `spec.pipelineSpec.tasks.taskSpec.steps`),
	misleads(`^non-existent.*context\.`, `^spec\.(tasks|finally)\.value$`, `spec.$1`),
	misleads(`^missing`, `^$`, `spec`),
	// Of two fields that do not go together, we name the other one.
	misleads(`got both`, `^(.*)\.computeResources$`, `$1.stepSpecs`),
	misleads(`got both`, `^(.*)\.computeResources$`, `$1.stepOverrides`),
	misleads(`^Invalid Type`, `^(spec\.results\[\d+\])\.[^.]+\.type$`, `$1.value`),
	misleads(`^must not set`, `^spec\.timeout$`, `spec.timeouts`),
	misleads(`should be <= pipeline duration`, `^spec\.timeouts\.finally$`, `spec.timeouts.tasks`),
	misleads(`spec.tasks is empty`, `^spec\.finally$`, `spec.tasks`),
	// A cluster knows no Run, whatever is in it.
	misleads(``, `^(spec|statusMessage).*$`, `kind`),
}
