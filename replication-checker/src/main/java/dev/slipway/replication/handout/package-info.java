/** What each region must copy, and which of its agents brings it. */
@NullMarked
package dev.slipway.replication.handout;

import org.jspecify.annotations.NullMarked;
