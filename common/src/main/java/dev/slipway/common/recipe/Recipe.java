package dev.slipway.common.recipe;

import org.jspecify.annotations.Nullable;

/** A whole slipway.yml. */
public record Recipe(BuildRecipe build, DeployRecipe deploy, @Nullable RunRecipe run) {}
