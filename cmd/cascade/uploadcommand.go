package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/client"
)

func uploadCommand(p *program) *cobra.Command {
	return asking(p, "upload ID FILE", "Bring recipients into a campaign: a CSV, or .ndjson; the same file again changes nothing", arguments("a campaign's ID", "FILE"),
		func(ctx context.Context, c *client.Client, args []string) (campaign.ImportReport, error) {
			f, err := os.Open(args[1])
			if err != nil {
				return campaign.ImportReport{}, misuse(fmt.Errorf("open the recipients: %w", err))
			}
			defer f.Close()
			upload := c.UploadCSV
			if strings.EqualFold(filepath.Ext(args[1]), ".ndjson") {
				upload = c.UploadNDJSON
			}
			report, err := upload(ctx, args[0], f)
			if err == nil && report.Rejected > 0 {
				err = &exitError{exitUnclean, fmt.Errorf("%d rows were rejected (exit code %d): cascade campaign rejects %s", report.Rejected, exitUnclean, args[0])}
			}
			return report, err
		},
		func(w io.Writer, r campaign.ImportReport) {
			fmt.Fprintf(w, "%s accepted, %s there already, %s rejected, %s blank\n", count(r.Accepted), count(r.AlreadyThere), count(r.Rejected), count(r.Blank))
			for _, reason := range slices.Sorted(maps.Keys(r.Reasons)) {
				fmt.Fprintf(w, "  %s %s\n", reason, count(r.Reasons[reason]))
			}
		})
}

// arguments is for commands with several.
func arguments(what ...string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		if len(args) != len(what) {
			return fmt.Errorf("want %d arguments, %s, not %d", len(what), strings.Join(what, " and "), len(args))
		}
		return nil
	}
}
