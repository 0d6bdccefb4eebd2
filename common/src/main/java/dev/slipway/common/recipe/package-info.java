/** What a repository's slipway.yml says: how to build, deploy and run. */
@NullMarked
package dev.slipway.common.recipe;

import org.jspecify.annotations.NullMarked;
