package web

import (
	"context"
	"errors"
	"io"
	"mime/multipart"
	"strings"

	"github.com/seed-438792ba/cascade/api"
)

// uploadDraft takes a draft's file of recipients. It goes on to the API as it comes.
var uploadDraft = upload{path: "/new/{draft}/recipients", role: api.Operator, most: api.MaxUpload + besides, do: takeRecipients}

func takeRecipients(ctx context.Context, v *visit, form *multipart.Reader) (at, said string, err error) {
	for range mostFields + 1 {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			return "", "", wrongForm("Choose a file of recipients first. Nothing was done.")
		}
		if err != nil {
			return "", "", wrongForm("The upload broke off. What was there before is kept.")
		}
		if part.FormName() != "recipients" || strings.TrimSpace(part.FileName()) == "" {
			if _, err := io.CopyN(io.Discard, part, longestField+1); err == nil {
				return "", "", tooMuch()
			}
			continue
		}
		id := v.value("draft")
		d, err := v.UploadDraft(ctx, id, part.FileName(), part)
		if err != nil {
			return "", "", err
		}
		said := "The file was refused as a whole: see below what to mend."
		if d.Check != nil && len(d.Check.Refused) == 0 {
			said = "The file was read: accepted " + count(d.Check.Accepted) + ", rejected " + count(d.Check.Rejected) + ", blank " + count(d.Check.Blank) + "."
		}
		return to("new", id), said, nil
	}
	return "", "", tooMuch()
}
