/** What builds printed, as pages show it: line by line, only as much of it as is looked at. */
@NullMarked
package dev.slipway.deploy.console.log;

import org.jspecify.annotations.NullMarked;
