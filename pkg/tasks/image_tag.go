package tasks

import "github.com/tekwright/tekwright/pkg/builder"

// The formats that ImageTag knows.
const (
	// TagTimestamp is the time in UTC, to the second: 20250102T030405Z. Tags
	// sort as the times do. Two runs in one second have the same.
	TagTimestamp builder.String = "timestamp"
	// TagCommit is the commit as it is given: clone.Commit, clone.ShortCommit.
	// Two runs of one commit have the same.
	TagCommit builder.String = "commit"
	// TagTimestampCommit is the time, a dash, and the commit:
	// 20250102T030405Z-0f1e2d3. It is for tags that must sort, and differ.
	TagTimestampCommit builder.String = "timestamp-commit"
)

// ImageTag makes the tag of an image that is to be built:
//
//	tag := builder.Add(p, "tag", tasks.ImageTag{Image: image, Commit: clone.ShortCommit})
//	builder.Add(p, "image", tasks.Kaniko{Source: clone.Source, Image: tag.Reference})
//
// YAML reads a tag of digits alone as a number, and a short commit may be one:
// give TagCommit a Prefix where the tag stands by itself in a file.
type ImageTag struct {
	// Image is the image's name, without a tag. Required.
	Image builder.String
	// Format is TagTimestamp, TagCommit or TagTimestampCommit. Default:
	// TagTimestampCommit.
	Format builder.String
	// Commit is the name of the commit that the image is built of, in full or
	// abbreviated. Required by the formats that have it.
	Commit builder.String
	// Prefix goes before the rest, with a dash between them. Characters that a
	// tag cannot have become dashes, so that it may be a branch's name, and it
	// is cut where the tag would be longer than 128. Default: none.
	Prefix builder.String
	// Time is the time of the formats that have it, in seconds since 1970, such
	// as clone.CommitTime for a tag that comes out the same in the next run.
	// Default: when the task runs.
	Time builder.String

	// ToolImage runs the script: sh, date, sed. Default: the catalogue's.
	ToolImage string
}

// Tagged is what ImageTag leaves behind.
type Tagged struct {
	*builder.PipelineTask
	// Tag is the tag alone.
	Tag builder.String
	// Reference is the image with the tag.
	Reference builder.String
}

func (i ImageTag) image() choice { return choice{i.ToolImage, busyboxImage} }

// TaskName is image-tag, with a suffix for another ToolImage.
func (i ImageTag) TaskName() string { return named("image-tag", i.image()) }

// Define declares the task.
func (i ImageTag) Define(t *builder.Task) Tagged {
	t.Describe("Makes the tag of an image that is to be built.")
	tag := t.Result("tag", builder.Describe("the tag alone"))
	reference := t.Result("reference", builder.Describe("the image with the tag"))
	t.Step("tag").Image(i.image().image()).
		Requests("10m", "16Mi").SecurityContext(unprivileged()).
		Env("IMAGE", t.Param("image", i.Image, builder.Describe("name of the image, without a tag"))).
		Env("FORMAT", t.Param("format", i.Format, builder.Default(string(TagTimestampCommit)),
			builder.Describe("timestamp, commit or timestamp-commit"))).
		Env("COMMIT", t.Param("commit", i.Commit, builder.Default(""),
			builder.Describe("name of the commit, in full or abbreviated"))).
		Env("PREFIX", t.Param("prefix", i.Prefix, builder.Default(""),
			builder.Describe("what goes before the rest, made fit for a tag"))).
		Env("TIME", t.Param("time", i.Time, builder.Default(""),
			builder.Describe("seconds since 1970; empty for now"))).
		Env("RESULT_TAG", tag.PathValue()).
		Env("RESULT_REFERENCE", reference.PathValue()).
		Script(imageTagScript)
	return Tagged{t.PipelineTask(), tag.Value(), reference.Value()}
}
