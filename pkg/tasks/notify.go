package tasks

import "github.com/tekwright/tekwright/pkg/builder"

// Formats of Notify.
const (
	// NotifySlack is for incoming webhooks of Slack, and others that accept
	// {"text": "..."}: Mattermost, Rocket.Chat, Google Chat.
	NotifySlack builder.String = "slack"
	// NotifyDiscord is for webhooks of Discord.
	NotifyDiscord builder.String = "discord"
	// NotifyTeams is for workflows of Microsoft Teams: a message with an Adaptive Card.
	NotifyTeams builder.String = "teams"
	// NotifyJSON is for services of your own: an object with status, message and link.
	NotifyJSON builder.String = "json"
)

// Notify posts a message to a webhook, whose URL is in a Secret. In finally, it can
// tell how the run ended:
//
//	builder.AddFinally(p, "notify", tasks.Notify{
//		Status: p.Status().Value(), Message: "release " + builder.RunName, Tasks: p.TaskStatuses(), Webhook: hook,
//	}).ContinueOnError()
//
// Without ContinueOnError, the run fails if the webhook does not accept the message.
// The texts are data: in Slack they contain no mentions, and no links with another text
// than their URL, and in Discord no mentions. The services make links of URLs in them.
// Mattermost reads @channel and @here in every text. Mattermost, Discord and Teams read
// Markdown, in which a link can have another text than its URL.
type Notify struct {
	// Message is the text. Required.
	Message builder.String
	// Status is put before the message, such as Failed. Default: none.
	Status builder.String
	// Tasks are statuses of tasks, NAME=STATUS: Pipeline.TaskStatuses. Those that failed are
	// listed after the message. Default: none.
	Tasks builder.Array
	// Link is a URL that the message links to. Default: none.
	Link builder.String
	// Format is NotifySlack, NotifyDiscord, NotifyTeams or NotifyJSON. Default:
	// NotifySlack.
	Format builder.String
	// URLFile is the file of Webhook that has the URL. Default: "url".
	URLFile builder.String

	// Webhook has the URL of the webhook. It is never shown. Required.
	Webhook builder.Workspace
	// CA has ca-bundle.crt, the certificate authorities for https servers. They
	// replace those of the image. Optional.
	CA builder.Workspace

	// ToolImage is the image of the step. It must have sh, awk, od, sed and curl.
	// Default: the image of the catalogue.
	ToolImage string
}

func (n Notify) image() choice { return choice{n.ToolImage, curlImage} }

// TaskName returns notify, with a suffix if the image is not the default.
func (n Notify) TaskName() string { return named("notify", n.image()) }

// Define declares the task.
func (n Notify) Define(t *builder.Task) *builder.PipelineTask {
	t.Describe("Posts a message to a webhook.")
	webhook := t.Workspace("webhook", n.Webhook, builder.ReadOnly(), builder.Describe("URL of the webhook"))
	ca := t.Workspace("ca", n.CA, builder.Optional(), builder.ReadOnly(),
		builder.Describe("certificate authorities to trust: ca-bundle.crt"))
	s := t.Step("notify").Image(n.image().image()).
		Requests("10m", "16Mi").SecurityContext(unprivileged()).
		Env("HOME", home).
		Env("MESSAGE", t.Param("message", n.Message, builder.Describe("text of the message"))).
		Env("STATUS", t.Param("status", n.Status, builder.Default(""),
			builder.Describe("status that is put before the message"))).
		Env("LINK", t.Param("link", n.Link, builder.Default(""),
			builder.Describe("URL that the message links to"))).
		Env("FORMAT", t.Param("format", n.Format, builder.Default(string(NotifySlack)),
			builder.Describe("slack, discord, teams or json"))).
		Env("URL_FILE", t.Param("url-file", n.URLFile, builder.Default("url"),
			builder.Describe("file of the workspace that has the URL"))).
		Env("WEBHOOK_PATH", webhook.PathValue())
	bind(s, "CA", ca)
	s.Args(t.ArrayParam("tasks", n.Tasks, builder.DefaultArray(),
		builder.Describe("statuses of tasks, NAME=STATUS, of which those that failed are listed")).All()).
		Script(notifyScript)
	return t.PipelineTask()
}
