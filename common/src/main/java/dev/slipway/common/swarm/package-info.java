/** The peer-to-peer engine behind a small interface, its torrents and its tracker. */
@NullMarked
package dev.slipway.common.swarm;

import org.jspecify.annotations.NullMarked;
