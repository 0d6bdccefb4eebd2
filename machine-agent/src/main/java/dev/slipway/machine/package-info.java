/** The agent of one machine: moves its apps to the builds that its region asks for. */
@NullMarked
package dev.slipway.machine;

import org.jspecify.annotations.NullMarked;
