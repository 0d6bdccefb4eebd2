# Every image of Slipway, from the jars that `./mvnw -DskipTests package` has made. docs/docker.md lists them and says why.
#   docker build --target service --build-arg SERVICE=deploy-service --build-arg PORT=8080 -t slipway/deploy-service .

# the account that everything runs as, and the folders that it may write to
FROM eclipse-temurin:25-jre AS base
ARG SOURCE_DATE_EPOCH=1767225600
RUN echo 'slipway:x:10001:10001::/home/slipway:/usr/sbin/nologin' >> /etc/passwd \
 && echo 'slipway:x:10001:' >> /etc/group \
 && mkdir /home/slipway /var/lib/slipway /opt/slipway \
 && chown 10001:10001 /home/slipway /var/lib/slipway \
 # agents end groups of processes with it; not every small distribution has it beside the shell's own
 && if ! [ -x /bin/kill ]; then printf '#!/bin/bash\nkill "$@"\n' > /bin/kill && chmod 755 /bin/kill; fi \
 && touch -d "@$SOURCE_DATE_EPOCH" /etc /etc/passwd /etc/group /home/slipway /var/lib/slipway /opt/slipway /home /var/lib /opt /bin/ /bin/kill
ENV HOME=/home/slipway
WORKDIR /opt/slipway

# what goes in: the jar taken apart by how often each part changes, every file of the same time
FROM base AS parts
ARG SERVICE=machine-agent
ARG SOURCE_DATE_EPOCH=1767225600
COPY docker/ /docker/
COPY ${SERVICE}/target/slipway-${SERVICE}-*-exec.jar /app.jar
# (machine-agent has no Spring to do that with, and little to take apart)
RUN mkdir -p /parts/dependencies /parts/snapshot-dependencies /parts/application \
 && if [ "$SERVICE" = machine-agent ]; then cp /app.jar /parts/application/; \
    else java -Djarmode=tools -jar /app.jar extract --force --layers --application-filename app.jar --destination /parts; fi \
 && mkdir /parts/common /parts/aot && cp /docker/healthy /parts/common && : > /parts/aot/options \
 && find /parts -exec touch -d "@$SOURCE_DATE_EPOCH" {} + \
 && cp -a /parts/dependencies/. /parts/snapshot-dependencies/. /parts/application/. ./
# What a global service loads and links at each start, done once. Workers and agents open keys, folders and peers as they
# come up, which nobody can train without, and start seldom.
RUN case "$SERVICE" in build-worker | *-agent) ;; *) \
      java -XX:AOTCacheOutput=/parts/aot/app.aot -XX:+UseSerialGC -Dspring.context.exit=onRefresh -Xlog:disable -jar app.jar --spring.config.additional-location=file:/docker/training.properties \
      && echo '-XX:AOTCache=/opt/slipway/app.aot -Xlog:aot*=error' > /parts/aot/options ;; \
    esac \
 && find /parts/aot -exec touch -d "@$SOURCE_DATE_EPOCH" {} +

# a service that needs nothing but Java
FROM base AS service
ARG PORT
ENV SERVER_PORT=${PORT}
COPY --from=parts /parts/common/ /parts/dependencies/ ./
COPY --from=parts /parts/snapshot-dependencies/ /parts/application/ ./
COPY --from=parts /parts/aot/ ./
USER 10001:10001
HEALTHCHECK --interval=10s --timeout=6s --start-period=600s CMD ["/opt/slipway/healthy"]
ENTRYPOINT ["java", "@options", "-jar", "app.jar"]

# the only part that is fetched at image build: from the mirror of the base image's distribution
FROM base AS git
RUN apt-get update -q && apt-get install -y -q --no-install-recommends git ca-certificates openssh-client \
 && rm -rf /var/lib/apt/lists/* /var/cache/* /var/log/*

# a service that calls git
FROM git AS service-with-git
ARG PORT
ENV SERVER_PORT=${PORT}
COPY --from=parts /parts/common/ /parts/dependencies/ ./
COPY --from=parts /parts/snapshot-dependencies/ /parts/application/ ./
COPY --from=parts /parts/aot/ ./
USER 10001:10001
HEALTHCHECK --interval=10s --timeout=6s --start-period=600s CMD ["/opt/slipway/healthy"]
ENTRYPOINT ["java", "@options", "-jar", "app.jar"]

# what docker-compose.yml sets up its installation with, and its git server
FROM base AS setup-parts
ARG SOURCE_DATE_EPOCH=1767225600
COPY standalone/target/lib/ /parts/lib/
RUN find /parts -exec touch -d "@$SOURCE_DATE_EPOCH" {} +

FROM git AS setup
COPY --from=setup-parts /parts/ ./
USER 10001:10001
ENTRYPOINT ["java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx64m", "-cp", "lib/*", "dev.slipway.standalone.compose.Compose"]
