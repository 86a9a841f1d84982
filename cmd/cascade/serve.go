package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"
)

func serveCommand(p *program) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Run the production process, whole or by roles",
		Long: "Run the production process: the API with the callbacks, the scheduler, and the workers. Any number of processes\n" +
			"with any roles may share one Redis. SIGTERM drains: what is being sent is sent and recorded, and nothing new begins.",
		Args: cobra.NoArgs,
	}
	file := configFlag(cmd)
	roles := cmd.Flags().StringSlice("roles", nil, "api, scheduler, worker (default all)")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error { return p.serve(cmd.Context(), *file, *roles) }
	return cmd
}

func (p *program) serve(ctx context.Context, file string, names []string) error {
	roles, err := parseRoles(names)
	if err != nil {
		return misuse(err)
	}
	if p.configFile(file) == "" {
		return errNoConfig
	}
	cfg, err := p.loadConfig(file)
	if err != nil {
		return err
	}
	p.warn(cfg)
	log := p.log()
	h, err := open(ctx, cfg, log)
	if err != nil {
		return err
	}
	defer h.close()
	if h.embedded != nil {
		fmt.Fprintln(p.errs, "the embedded Redis keeps everything in memory: it is gone at exit, and other processes cannot share it")
	}
	log.Info("serving", "version", thisBuild().Version, "roles", roles, "redis", cfg.Redis, "lanes", len(h.lanes))
	defer log.Info("drained")
	return h.live(ctx, roles, func(addr string) { log.Info("listening", "address", addr) })
}
