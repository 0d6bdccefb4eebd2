/** Files that survive a crash. */
@NullMarked
package dev.slipway.machine.file;

import org.jspecify.annotations.NullMarked;
