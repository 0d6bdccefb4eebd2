/** What each region must copy, and whether its copies are right; the regions themselves. */
@NullMarked
package dev.slipway.replication;

import org.jspecify.annotations.NullMarked;
