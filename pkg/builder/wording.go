package builder

import (
	"regexp"
	"strings"

	"github.com/tekwright/tekwright/pkg/diag"
)

// goHelp has help for Go programs instead of help that names fields of YAML.
var goHelp = map[string]string{
	"set image in the step or in stepTemplate": "give the step an image, or set one in the step template",
	"choose another mountPath":                 "mount it at another path",
	"set one of volumeClaimTemplate, persistentVolumeClaim, emptyDir, configMap, secret, projected or csi": "set VolumeClaimTemplate, PersistentVolumeClaim, EmptyDir, ConfigMap, Secret, Projected or CSI in the binding passed to Bind",
	"set claimName":                                                        "pass PVC the name of the claim, or set ClaimName in the binding passed to Bind",
	"declare it under workspaces":                                          "declare it with the method Workspace of the task",
	"set input, operator and values, or cel":                               "make it with In, NotIn or CEL",
	"raise timeouts.pipeline, or lower timeouts.tasks":                     "raise the timeout of the pipeline, or lower that of the tasks",
	"raise timeouts.pipeline, or lower timeouts.finally":                   "raise the timeout of the pipeline, or lower that of the finally tasks",
	"raise timeouts.pipeline, or lower timeouts.tasks or timeouts.finally": "raise the timeout of the pipeline, or lower that of the tasks or of the finally tasks",
	"set it in the StepAction, and use params for the values that vary":    "set it in the Define method of the StepAction, and declare an input for what differs between steps",
	"set retries to 0 or more, or remove it":                               "pass Retries 0 or more, or remove the call",
}

var generateName = regexp.MustCompile(`the (PipelineRun|TaskRun) with generateName "`)

// inGo adapts the texts of a finding of a rule to Go programs.
func inGo(f diag.Finding) diag.Finding {
	if help, ok := goHelp[f.Help]; ok {
		f.Help = help
	}
	f.Message = generateName.ReplaceAllString(f.Message, `$1 "`)
	f.Message = strings.ReplaceAll(f.Message, "the taskSpec of task ", "task ")
	return f
}
