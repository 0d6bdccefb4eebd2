package dev.slipway.common.region;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.data.repository.Repository;

/** Regions, a row each. */
public interface RegionRepository extends Repository<Region, String> {
  @Nullable Region findByName(String name);

  List<Region> findAllByOrderByName();

  Region save(Region region);
}
