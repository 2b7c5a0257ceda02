package mutation

import "regexp"

// excuse says why mutants of some places may survive: what they break nobody
// can find offline, or it breaks nothing.
type excuse struct {
	reason    string
	operators string         // those it is for
	places    *regexp.Regexp // as [mutant.place] has them
}

func on(operators, reason string, places ...string) excuse {
	all := ""
	for i, p := range places {
		if i > 0 {
			all += "|"
		}
		all += p
	}
	return excuse{reason, operators, regexp.MustCompile("^(" + all + ")$")}
}

// excuses are all of them; the first that fits counts. They were written from
// what survived, one by one, and are for survivors only: what a rule finds in
// spite of them is killed.
var excuses = []excuse{
	on("drop rename swap", "it is a text for people", `.*\.description`, `Trigger spec\.name`, `Task metadata\.annotations\..*`),
	on("drop rename-key", "the other Task with the workspace says it too, and one alone is enough",
		`Task metadata\.annotations(\.tekwright\.dev/concurrent)?`),
	on("drop", "the namespace is that of kubectl then", `\w+ metadata\.namespace`),
	on("drop", "what is there without it is as good: Tekton's or Kubernetes' default",
		`\w+ roleRef\.apiGroup`, `Trigger spec\.(bindings|interceptors)\[\](\.ref)?\.kind`, `Task spec\.params\[\]\.type`,
		`Pipeline spec\.tasks\[\]\.workspaces\[\]\.workspace`, `Task spec\.(steps|sidecars)\[\]\.name`,
		`EventListener spec\.resources.*`, `.*[rR]eadinessProbe(\.\w+)*`, `.*\.computeResources(\.requests(\.\w+)?)?`),
	on("drop", "whoever wants less protection leaves it out",
		`Task .*\.securityContext(\..*)?`, `.*\.podTemplate(\..*)?`, `Task spec\.workspaces\[\]\.readOnly`, `Ingress spec\.tls\[\]\.(hosts(\[\])?|secretName)`),
	on("drop", "another account may have the rights as well", `.*\.taskRunTemplate(\.serviceAccountName)?`),
	on("drop", "a pipeline may do less: nothing refers to it",
		`Pipeline spec\.(finally|results)(\[\])?`, `Pipeline spec\.finally\[\]\.when(\[\])?`, `EventListener spec\.triggers\[\]`,
		`Trigger spec\.interceptors\[\](\.params\[\])?`),
	on("drop", "the Task has a default, or does without",
		`Pipeline spec\.tasks\[\]\.(params|workspaces)(\[\])?`, `Pipeline spec\.tasks\[\]\.params\[\]\.value\[\]`,
		`Task spec\.params\[\]\.default(\[\])?`, `Task spec\.workspaces\[\]\.optional`),
	on("drop rename", "a folder of a volume is as good as another", `Pipeline spec\.(tasks|finally)\[\]\.workspaces\[\]\.subPath`),
	on("drop rename swap", "only the program knows what it reads: a script, a command, a variable of the image",
		`Task spec\.(steps|sidecars)\[\]\.(env|args|command|script|volumeMounts)(\[\])?(\.\w+)?`, `Task spec\.sidecars\[\]\.readinessProbe\.exec\.command\[\]`),
	on("rename", "only the registry knows its images", `.*\.image`),
	on("rename swap", "one text is as good as another",
		`Pipeline spec\.(tasks|finally)\[\]\.params\[\](\.value(\[\])?)?`, `(Pipeline|Task) spec\.params\[\]\.default(\[\])?`,
		`PipelineRun spec\.params\[\](\.value)?`, `TriggerTemplate spec\.resourcetemplates\[\]\.spec\.params\[\](\.value)?`,
		`Trigger spec\.interceptors\[\]\.params\[\]\.value`, `TriggerBinding spec\.params\[\]`, `TriggerTemplate spec\.params\[\]`, `Pipeline spec\.params\[\]`),
	on("rename", "nothing refers to the name",
		`(ClusterRoleBinding|RoleBinding|Ingress|PipelineRun|TaskRun) metadata\.name`, `Pipeline spec\.(tasks|finally|results)\[\]\.name`,
		`Task spec\.(steps|sidecars)\[\]\.name`, `.*metadata\.generateName`, `Ingress metadata\.namespace`),
	on("swap", "both are declared alike",
		`(Pipeline|Task) spec\.(params|workspaces|results|volumes)\[\]`, `Pipeline spec\.(tasks|finally)\[\](\.workspaces\[\])?`,
		`(PipelineRun spec|TriggerTemplate spec\.resourcetemplates\[\]\.spec)\.workspaces\[\]`, `Trigger spec\.interceptors\[\]\.params\[\]`),
	on("drop rename", "only the cluster knows its ingress classes, hosts and paths", `Ingress spec\.(ingressClassName|rules\[\]\.(host|http\.paths\[\]\.path))`),
	on("drop", "only the chart knows what helm may have to do, and get is what nobody needs who lists", `(Cluster)?Role rules\[\](\.(resources|verbs)\[\])?`),
	on("drop rename", "only the sender knows what is in an event", `TriggerBinding spec\.params\[\]\.value`),
	on("rename", "only the Secret, which is written nowhere, knows its keys", `Trigger spec\.interceptors\[\]\.params\[\]\.value\.secretKey`),
	on("retype", "a result may be a list as well", `Pipeline spec\.results\[\]\.value`),
}
