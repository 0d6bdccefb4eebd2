/** Apps on this machine: what they should run, what they run, and the way there. */
@NullMarked
package dev.slipway.machine.app;

import org.jspecify.annotations.NullMarked;
