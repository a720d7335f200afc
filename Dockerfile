# winnow as a service: docker build -t winnow . && docker run --init -v "$PWD/work:/data" winnow   (docs/schedule.md)
FROM python:3.13-slim
WORKDIR /opt/winnow
COPY pyproject.toml requirements.lock README.md LICENSE ./
COPY winnow/ winnow/
RUN python -m pip install --no-cache-dir --constraint requirements.lock '.[flow,review,s3]'
RUN useradd --uid 1000 --create-home winnow && install -d -o winnow /data
USER winnow
WORKDIR /data
ENV PREFECT_HOME=/data/.prefect DO_NOT_TRACK=1
VOLUME /data
ENTRYPOINT ["winnow"]
CMD ["serve", "--cron", "0 3 * * *", "--", "raw", "-o", "clean"]
