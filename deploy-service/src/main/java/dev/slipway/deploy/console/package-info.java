/** The web console: pages rendered here, kept live by htmx and server-sent events. */
@NullMarked
package dev.slipway.deploy.console;

import org.jspecify.annotations.NullMarked;
