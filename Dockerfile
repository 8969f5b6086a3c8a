# One image per service, from jars that ./mvnw has built:
#   docker build --build-arg SERVICE=gateway-service -t postern/gateway-service:dev .
FROM eclipse-temurin:25-jre
ARG SERVICE
RUN useradd --system --uid 10001 --no-create-home postern \
 && install -d -o postern -g postern -m 0700 /var/lib/postern
COPY deploy/entrypoint.sh /usr/local/bin/postern-service
COPY ${SERVICE}/target/${SERVICE}-*-exec.jar /opt/postern/service.jar
USER postern
ENV POSTERN_SERVICE=${SERVICE} POSTERN_HOME=/var/lib/postern POSTERN_BIND=0.0.0.0
VOLUME /var/lib/postern
ENTRYPOINT ["/bin/sh", "/usr/local/bin/postern-service"]
