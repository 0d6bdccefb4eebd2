package dev.slipway.client.app;

import picocli.CommandLine.Command;

/** What is done with one app. */
@Command(name = "app", description = "Makes apps.", subcommands = AppInit.class)
public final class AppCommand {}
