package tasks

import "github.com/tekwright/tekwright/pkg/builder"

// Formats of ImageTag.
const (
	// TagTimestamp is the time in UTC, to the second: 20250102T030405Z. Tags sort in
	// the order of time. Two runs in the same second get the same tag.
	TagTimestamp builder.String = "timestamp"
	// TagCommit is the value of Commit, such as clone.Commit or clone.ShortCommit.
	// Two runs for the same commit get the same tag.
	TagCommit builder.String = "commit"
	// TagTimestampCommit is the time, a dash and the commit:
	// 20250102T030405Z-0f1e2d3. Tags sort in the order of time and differ
	// between commits.
	TagTimestampCommit builder.String = "timestamp-commit"
)

// ImageTag generates a tag for an image:
//
//	tag := builder.Add(p, "tag", tasks.ImageTag{Image: image, Commit: clone.ShortCommit})
//	builder.Add(p, "image", tasks.BuildKit{Source: clone.Source, Image: tag.Reference})
//
// In YAML, an unquoted tag that consists of digits is a number, and a short commit
// hash may be such a tag. If the tag is written to a file by itself, use a Prefix
// with TagCommit.
type ImageTag struct {
	// Image is the name of the image, without a tag. Required.
	Image builder.String
	// Format is TagTimestamp, TagCommit or TagTimestampCommit. Default:
	// TagTimestampCommit.
	Format builder.String
	// Commit is the full or abbreviated hash of the commit that the image is built
	// from. Required by TagCommit and TagTimestampCommit.
	Commit builder.String
	// Prefix is put before the tag, followed by a dash. It may be the name of a
	// branch: characters that are not allowed in a tag become dashes, and the prefix
	// is shortened if the tag would be longer than 128 characters. Default: none.
	Prefix builder.String
	// Time is the time for TagTimestamp and TagTimestampCommit, in seconds since
	// 1970. With clone.CommitTime, every run for a commit gets the same tag.
	// Default: the time at which the task runs.
	Time builder.String

	// ToolImage is the image of the step. It must have sh, date and sed. Default:
	// the image of the catalogue.
	ToolImage string
}

// Tagged is the output of ImageTag.
type Tagged struct {
	*builder.PipelineTask
	// Tag is the tag without the name of the image.
	Tag builder.String
	// Reference is the name of the image with the tag.
	Reference builder.String
}

func (i ImageTag) image() choice { return choice{i.ToolImage, busyboxImage} }

// TaskName returns image-tag, with a suffix if the image is not the default.
func (i ImageTag) TaskName() string { return named("image-tag", i.image()) }

// Define declares the task.
func (i ImageTag) Define(t *builder.Task) Tagged {
	t.Describe("Generates a tag for an image.")
	tag := t.Result("tag", builder.Describe("the tag"))
	reference := t.Result("reference", builder.Describe("the image with the tag"))
	t.Step("tag").Image(i.image().image()).
		Requests("10m", "16Mi").SecurityContext(unprivileged()).
		Env("IMAGE", t.Param("image", i.Image, builder.Describe("name of the image, without a tag"))).
		Env("FORMAT", t.Param("format", i.Format, builder.Default(string(TagTimestampCommit)),
			builder.Describe("timestamp, commit or timestamp-commit"))).
		Env("COMMIT", t.Param("commit", i.Commit, builder.Default(""),
			builder.Describe("full or abbreviated hash of the commit"))).
		Env("PREFIX", t.Param("prefix", i.Prefix, builder.Default(""),
			builder.Describe("prefix of the tag; invalid characters become dashes"))).
		Env("TIME", t.Param("time", i.Time, builder.Default(""),
			builder.Describe("seconds since 1970; empty for the current time"))).
		Env("RESULT_TAG", tag.PathValue()).
		Env("RESULT_REFERENCE", reference.PathValue()).
		Script(imageTagScript)
	return Tagged{t.PipelineTask(), tag.Value(), reference.Value()}
}
