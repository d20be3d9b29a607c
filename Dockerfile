# syntax=docker/dockerfile:1

FROM mcr.microsoft.com/dotnet/sdk:10.0-noble AS build
WORKDIR /source

# What restore reads comes first, so that a change of source alone reuses this layer.
COPY global.json Directory.Build.props Directory.Build.targets Directory.Packages.props .editorconfig .globalconfig ./
COPY eng/ eng/
COPY src/Runtime/Runtime.csproj src/Runtime/packages.lock.json src/Runtime/
COPY src/Host.Api/Host.Api.csproj src/Host.Api/packages.lock.json src/Host.Api/
RUN dotnet restore src/Host.Api/Host.Api.csproj --locked-mode

COPY samples/ samples/
COPY src/ src/
RUN dotnet publish src/Host.Api/Host.Api.csproj -c Release --no-restore -o /publish \
    && mkdir /data

# Chiseled: no shell, no package manager, and a user of its own ($APP_UID) that is not root.
FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled AS final
WORKDIR /app
COPY --from=build /publish ./
COPY --from=build --chown=$APP_UID:$APP_UID /data /data

ENV ASPNETCORE_HTTP_PORTS=8080 \
    HostService__DataDirectory=/data \
    DOTNET_EnableDiagnostics=0
VOLUME /data
EXPOSE 8080
USER $APP_UID

# The image has no shell and no curl: the program asks its own /health/live and exits with 0 or 1.
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s --retries=3 \
    CMD ["dotnet", "Host.Api.dll", "--healthcheck"]
ENTRYPOINT ["dotnet", "Host.Api.dll"]
