/** Where the seconds of a commit went, and whether they still suffice. */
@NullMarked
package dev.slipway.deploy.timeline;

import org.jspecify.annotations.NullMarked;
