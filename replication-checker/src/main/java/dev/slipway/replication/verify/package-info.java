/** Whether the regions' copies are right. */
@NullMarked
package dev.slipway.replication.verify;

import org.jspecify.annotations.NullMarked;
